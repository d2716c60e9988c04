#!/usr/bin/env bash
# What the tests need of the system: a browser, Chinese fonts, PostgreSQL's server programs, a word processor
# that opens the .docx that are made; with "bench", wrk too.
# Installs what is missing; says nothing and does nothing when all is there.
set -euo pipefail
wanted=${1:-tests}

have_browser() {
    local name
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

have_fonts() {
    if [ "$(uname -s)" = Darwin ]; then return; fi # macOS brings PingFang SC
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]
}

have_postgresql() {
    command -v initdb >/dev/null && return
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null && return
    compgen -G '/usr/local/opt/postgresql*/bin/initdb' >/dev/null
}

have_office() {
    command -v soffice >/dev/null && return
    [ -x "/Applications/LibreOffice.app/Contents/MacOS/soffice" ]
}

have_load() { # wrk is asked for by `make bench` alone
    [ "$wanted" != bench ] || command -v wrk >/dev/null
}

missing() {
    have_browser || echo "Chromium"
    have_fonts || echo "Chinese fonts"
    have_postgresql || echo "PostgreSQL's server programs (initdb)"
    have_office || echo "LibreOffice Writer"
    have_load || echo "wrk"
}

give_up() {
    echo "eventreg's tests lack: $(missing | paste -sd, - | sed 's/,/, /g'). $1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        give_up "Installing them takes root, and there is no sudo here: ask the machine's owner."
    fi
}

install_with_apt() {
    local packages=()
    as_root apt-get update -qq || give_up "apt-get update failed."
    have_browser || packages+=("$(browser_package)")
    have_fonts || packages+=(fontconfig fonts-noto-cjk)
    have_postgresql || packages+=(postgresql)
    have_office || packages+=("$(office_package)")
    have_load || packages+=(wrk)
    echo "installing ${packages[*]}" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${packages[@]}" >/dev/null || give_up "apt-get could not install ${packages[*]}."
}

browser_package() { # Ubuntu's "chromium" is an empty shell around a snap; its old name installs that snap
    local known name # read whole: under pipefail, a grep that leaves early would make a yes look like a no
    for name in chromium-headless-shell chromium; do
        known=$(apt-cache show "$name" 2>/dev/null || true)
        if grep -q "^Package: $name\$" <<<"$known"; then
            echo "$name"
            return
        fi
    done
    echo chromium-browser
}

office_package() { # the one without windows, where it is known
    local known
    known=$(apt-cache show libreoffice-writer-nogui 2>/dev/null || true)
    if grep -q "^Package: libreoffice-writer-nogui\$" <<<"$known"; then
        echo libreoffice-writer-nogui
    else
        echo libreoffice-writer
    fi
}

install_with_brew() {
    have_browser || brew install --quiet --cask chromium || give_up "brew could not install chromium."
    have_postgresql || brew install --quiet postgresql@17 || give_up "brew could not install postgresql@17."
    have_office || brew install --quiet --cask libreoffice || give_up "brew could not install libreoffice."
    have_load || brew install --quiet wrk || give_up "brew could not install wrk."
}

if [ -z "$(missing)" ]; then exit 0; fi
if command -v apt-get >/dev/null; then
    install_with_apt
elif command -v brew >/dev/null; then
    install_with_brew
else
    give_up "Neither apt-get nor brew is here to install them."
fi
if [ -n "$(missing)" ]; then give_up "They were installed, and still cannot be found."; fi
