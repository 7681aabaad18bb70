# Sourced by every finding: a temporary folder, pinned public packages in it, and a comparison with what was seen.
# shellcheck shell=bash
set -euo pipefail

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

# python_with PACKAGE==VERSION ...: a fresh environment with these; `python` is then its interpreter.
python_with() {
  python3 -m venv environment
  PATH="$work/environment/bin:$PATH"
  python -m pip --disable-pip-version-check --quiet --no-input install "$@" 2>pip.log || { cat pip.log >&2; exit 2; }
}

# node_with PACKAGE@VERSION ...: these in node_modules of the temporary folder.
node_with() {
  npm install --silent --no-audit --no-fund --no-package-lock --prefix "$work" "$@" >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
}

# seen COMMAND ...: runs it, shows what it prints and keeps that for `expect`.
seen() {
  "$@" | tee -a "$work/seen"
}

# expect <<'END': the lines that were seen when the finding was made; any other output is a failure.
expect() {
  diff -u --label "seen when the finding was made" --label "seen now" - "$work/seen" >&2 || {
    echo "The behaviour has changed: read the finding again." >&2
    exit 1
  }
}
