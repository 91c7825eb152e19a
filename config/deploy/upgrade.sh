#!/bin/bash
# Bring a running Parley to another version: config/deploy/upgrade.sh v0.2.0
# Until the publisher is stopped nothing has changed; whatever fails afterwards, the version from before runs again.
set -euo pipefail

back() {
  trap - ERR
  git checkout --quiet "$before"
  docker compose up -d
  echo "The upgrade failed, and $before runs again. What went wrong stands above." >&2
  exit 1
}

main() {
  [ $# -eq 1 ] || { echo "Say which version: config/deploy/upgrade.sh v0.2.0" >&2; exit 2; }
  cd "$(dirname "$0")/../.."
  before=$(git describe --tags --always)
  git fetch --tags --quiet
  trap back ERR
  git checkout --quiet "$1"
  docker compose build
  docker compose stop --timeout 60 publisher worker-publish
  docker compose exec -T backup python manage.py backup --to /var/backups/parley # the old version's own
  docker compose run --rm -T migrate
  docker compose run --rm -T --no-deps web python manage.py check --deploy
  docker compose up -d --remove-orphans
  echo "Parley $1 runs. The backup from before is in the volume backups."
}

main "$@"; exit # read whole before the checkout changes this file
