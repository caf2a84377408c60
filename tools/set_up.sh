#!/bin/sh
# Finds a Python that the workbook runs on, and lets it make or update .venv.
# A name on the PATH may be a shim that fails, or a Python without venv: each
# candidate is run, not only looked for. PYTHON=... names the one to use.
set -u
cd "$(dirname "$0")/.." || exit 1
unset PYTHONPATH PYTHONHOME

# Exit codes of the probe: 3 another version, 4 a Mac with an Intel processor, 5 not CPython, 64 bit.
probe='
import sys
version = sys.version_info[:2]
if not (3, 11) <= version <= (3, 13): sys.exit(3)
import platform
if sys.platform == "darwin" and platform.machine() == "x86_64": sys.exit(4)
if sys.implementation.name != "cpython" or sys.maxsize < 2**32: sys.exit(5)
import ctypes, ensurepip, sqlite3, ssl, venv, zlib
'

language=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
case "$language" in zh*) ;; *) language=${LANGUAGE:-} ;; esac
case " $* " in *" --language zh "*) language=zh ;; *" --language en "*) language=en ;; esac
case " $* " in
    *" --language zh "* | *" --language en "*) ;;
    *" --language "*) echo "LANGUAGE: use en or zh / 请用 en 或 zh" >&2; exit 2 ;;
esac

say() { # English, Chinese
    case "$language" in zh*) printf '%s\n' "$2" >&2 ;; *) printf '%s\n' "$1" >&2 ;; esac
}

runs() { "$1" -c "$probe" </dev/null >/dev/null 2>&1; }

version_of() { "$1" -c 'import platform; print(platform.python_version())' </dev/null 2>/dev/null; }

find_python() {
    found=
    intel=
    for candidate in python3.13 python3.12 python3.11 python3 python .venv/bin/python; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        runs "$candidate"
        case $? in
            0) python=$candidate; return 0 ;;
            4) intel=yes ;;
        esac
        version=$(version_of "$candidate") && found="$found, $candidate = $version"
    done
    return 1
}

if [ -n "${PYTHON:-}" ]; then
    python=$PYTHON
    if ! runs "$python"; then
        version=$(version_of "$python") || version=-
        say "PYTHON=$python (version $version) cannot be used: the workbook needs a complete 64-bit CPython 3.13, 3.12 or 3.11 (with venv and ensurepip), and a Mac needs an Apple processor." \
            "PYTHON=$python（版本 $version）不能用：需要完整的 64 位 CPython 3.13、3.12 或 3.11（含 venv 和 ensurepip）；Mac 须是 Apple 芯片。"
        exit 1
    fi
elif ! find_python; then
    found=${found#, }
    if [ -n "$intel" ]; then
        say "TensorFlow no longer has a build for Macs with Intel processors (nor for an Intel Python on an Apple one), so the workbook cannot run here." \
            "TensorFlow 已不再支持 Intel 芯片的 Mac（Apple 芯片上的 Intel 版 Python 也不行），因此本教程无法在这里运行。"
    else
        say "Python 3.13, 3.12 or 3.11, complete with venv and ensurepip, is needed (TensorFlow has no build for newer ones), and was not found (found: ${found:-none}). Install one, or name it: make lab PYTHON=/path/to/python3.12" \
            "需要 Python 3.13、3.12 或 3.11（须含 venv 和 ensurepip；TensorFlow 还不支持更新的版本），但没有找到（找到的有：${found:-无}）。请安装其中一个，或指明位置：make lab PYTHON=/路径/python3.12"
    fi
    exit 1
fi

if [ -n "${PYTHON:-}" ]; then
    exec "$python" tools/set_up.py --python-was-chosen "$@"
fi
exec "$python" tools/set_up.py "$@"
