<?php

require __DIR__ . '/authorized.php'; // only: authorization
require __DIR__ . '/verify.php'; // only: signature

$headers = array_change_key_case(getallheaders());
$body = file_get_contents('php://input'); // the raw bytes: $_POST and json_decode do not keep them

if (!hearback_authorized($headers)) { // only: authorization
    http_response_code(401); // only: authorization
    exit; // only: authorization
} // only: authorization
if (!hearback_verify($headers, $body)) { // only: signature
    http_response_code(401); // only: signature
    exit; // only: signature
} // only: signature

// The call is genuine. Store the body, answer at once, and process it later.
http_response_code(204);
