#!/usr/bin/env bash
# Run as root on Debian. Installs what the tests need and npm does not install. Does nothing where it is all installed.
set -euo pipefail

missing=()
command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
# The documented receivers are written in these languages.
command -v php >/dev/null || missing+=(php-cli)
command -v ruby >/dev/null && ruby -e 'require "rack"; require "action_controller"' 2>/dev/null ||
  missing+=(ruby ruby-rack ruby-actionpack)
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import django' 2>/dev/null || /usr/bin/python3 -c 'import django' 2>/dev/null || missing+=(python3-django)
# What real installations put between the hub and the others.
PATH="$PATH:/usr/sbin"
command -v nginx >/dev/null || missing+=(nginx-light)
command -v pgbouncer >/dev/null || missing+=(pgbouncer)

if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed, for want of root or apt-get: ${missing[*]}" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "${missing[@]}"
