#!/bin/sh
# Makes the virtual environment FOLDER (default .venv) with what cloudgen needs to run, to be tested and to be linted.
# Needs Python 3.11 or newer and PyPI, nothing else. `make` calls it when the locked requirements have changed.
set -eu

folder=${1:-.venv}
cd "$(dirname "$0")/.."

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
  if command -v "$name" >/dev/null && new_enough "$name"; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "cloudgen needs Python 3.11 or newer, and there is none on PATH: install it, or name one with PYTHON=/path/to/python3" >&2
  exit 1
fi

if ! [ -x "$folder/bin/python" ] || ! new_enough "$folder/bin/python"; then
  # Debian splits these modules off.
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python has no venv module: apt-get install python$version-venv (or your system's package of that name)" >&2
    exit 1
  fi
  echo "Making $folder with $("$python" --version)"
  "$python" -m venv --clear "$folder"
fi

# UV names the program uv, which takes a tenth of the time: .ci/run has one.
pip() {
  if [ -n "${UV:-}" ]; then
    "$UV" pip install --quiet --compile-bytecode --python "$folder/bin/python" "$@"
  else
    "$folder/bin/python" -m pip --disable-pip-version-check install --quiet "$@"
  fi
}

echo "Installing requirements/dev.txt"
pip --require-hashes --requirement requirements/dev.txt
pip --no-deps --no-build-isolation --editable .
