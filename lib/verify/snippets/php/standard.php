<?php

/** $headers: names in lower case. $body: the raw bytes. */
function hearback_verify(array $headers, string $body): bool
{
    $secret = getenv('HEARBACK_SECRET') ?: throw new RuntimeException('HEARBACK_SECRET is not set');
    // whsec_ and base64; the key is the decoded bytes.
    $key = base64_decode(str_replace('whsec_', '', $secret));
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // During a rotation there are several signatures, separated by spaces.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $signature) {
        if (hash_equals($expected, $signature)) {
            return abs(time() - (int) $timestamp) <= 300;
        }
    }
    return false;
}
