#!/bin/sh
# Runs after a version was removed. An upgrade must change nothing: rpm runs this for the old version after the new one is
# in place, with the number of versions that stay; dpkg says in a word why it runs.
case "${1:-}" in
  0 | remove | purge | disappear) ;;
  *) exit 0 ;;
esac

if command -v update-alternatives >/dev/null 2>&1; then
  update-alternatives --remove epicstar /opt/epicstar/epicstar || true
fi
# Where the link was made without alternatives.
if [ "$(readlink /usr/bin/epicstar)" = /opt/epicstar/epicstar ]; then
  rm -f /usr/bin/epicstar
fi

profile=/etc/apparmor.d/epicstar
if [ -f "$profile" ]; then
  if command -v apparmor_parser >/dev/null 2>&1; then
    # Refused where no profile was loaded, as in an image that is being built.
    apparmor_parser --remove "$profile" >/dev/null 2>&1 || true
  fi
  rm -f "$profile"
fi
exit 0
