<?php

/** $headers: names in lower case. $body: the raw bytes, of JSON or form fields. */
function hearback_verify(array $headers, string $body): bool
{
    $secret = getenv('HEARBACK_SECRET') ?: throw new RuntimeException('HEARBACK_SECRET is not set');
    $expected = 'sha1=' . hash_hmac('sha1', $body, $secret);
    return hash_equals($expected, $headers['x-wootric-signature'] ?? '');
}
