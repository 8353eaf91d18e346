<?php

/** $headers: names in lower case. $body: the bytes as they came, JSON or form fields alike. */
function hearback_verify(array $headers, string $body): bool
{
    $secret = getenv('HEARBACK_SECRET') ?: throw new RuntimeException('HEARBACK_SECRET is not set');
    $expected = 'sha1=' . hash_hmac('sha1', $body, $secret);
    return hash_equals($expected, $headers['x-wootric-signature'] ?? '');
}
