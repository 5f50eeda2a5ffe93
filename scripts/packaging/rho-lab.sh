#!/bin/sh
# The command line of an installed Rho Lab: rho-lab <command> (rho-lab --help lists them).
# Runs the app's own executable, which opens no window for `--lab`. Nothing is drawn, so no display and no sandbox of
# Chromium's are needed.
here=$(dirname "$(readlink -f "$0")")
for app in "$here/../../rho-lab-app" "$here/../../MacOS/Rho Lab" "/opt/Rho Lab/rho-lab-app"; do
  [ -x "$app" ] && exec "$app" --no-sandbox --ozone-platform=headless --log-level=3 --lab -- "$@"
done
echo "rho-lab: the app is not where it was installed. Install Rho Lab again." >&2
exit 1
