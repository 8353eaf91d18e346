<?php

/** $headers: names in lower case. $body: the raw bytes. */
function hearback_verify(array $headers, string $body): bool
{
    $secret = getenv('HEARBACK_SECRET') ?: throw new RuntimeException('HEARBACK_SECRET is not set');
    $date = $headers['date'] ?? '';
    $expected = base64_encode(hash_hmac('sha256', "Date: $date\n$body", $secret, true));
    return hash_equals($expected, $headers['x-ct-hmac-sha256'] ?? '') && abs(time() - strtotime($date)) <= 300;
}
