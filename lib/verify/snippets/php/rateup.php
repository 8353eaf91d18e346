<?php

/** $headers: names in lower case. $body: the raw bytes. */
function hearback_verify(array $headers, string $body): bool
{
    $secret = getenv('HEARBACK_SECRET') ?: throw new RuntimeException('HEARBACK_SECRET is not set');
    $expected = base64_encode(hash_hmac('sha256', $body, $secret, true));
    return hash_equals($expected, $headers['x-rateup-signature'] ?? '');
}
