<?php

/** $headers: names in lower case. Apache hides this one from PHP unless it is told: CGIPassAuth On */
function hearback_authorized(array $headers): bool
{
    // The whole header value, including its first word.
    $expected = getenv('HEARBACK_AUTHORIZATION') ?: throw new RuntimeException('HEARBACK_AUTHORIZATION is not set');
    return hash_equals($expected, $headers['authorization'] ?? '');
}
