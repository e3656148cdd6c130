#!/usr/bin/env bash
# Builds the images of the container tests from this distribution's packages: no registry is asked.
#   localhost/skiff-test/busybox:1   every applet of a static busybox; runs a shell
#   localhost/skiff-test/nginx:1     answers `version 1` on port 80, and nginx:2 `version 2`
#   localhost/skiff-test/static:1    answers on port 8080, and has nothing in it but its one program: no shell, no wget
#   localhost/skiff-test/mariadb:1   a database without a password, on port 3306 and on a socket
# They are tagged as the examples name them, too: registries.conf of the tests says that `nginx` is this one.
set -euo pipefail
cli=${CONTAINER_CLI:-podman}

# Test files run at the same time.
exec 9>"${TMPDIR:-/tmp}/skiff-test-images.lock"
flock 9
exists() { "$cli" image exists "localhost/skiff-test/$1:1"; }
exists mariadb && exists static && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work"
download() {
  local libraries
  for program in nginx mariadb; do
    mkdir -p "debs/$program"
    libraries=$(packages "$program" | awk '/^ +Depends: [a-z]/ && !/iproute2/ { print $2 }' | sort -u)
    # shellcheck disable=SC2046,SC2086
    [ -n "$libraries" ] && (cd "debs/$program" && apt-get download -qq $(roots "$program") $libraries) || return 1
  done
  apt-get download -qq busybox-static
}
roots() { if [ "$1" = nginx ]; then echo nginx; else echo mariadb-server-core mariadb-client-core libsystemd0 libgcrypt20 libedit2 libbsd0; fi; }
# shellcheck disable=SC2046
packages() { apt-cache depends $(roots "$1") 2>/dev/null; }
# The lists of packages may be missing, or older than what the mirror still has.
download || { apt-get update -qq && download; }

base() {
  mkdir -p "$1"/{bin,etc,tmp,root,var/log} && chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\nwww-data:x:33:\n' >"$1/etc/group"
}
import() {
  local root=$1 image=$2
  shift 2
  local changes=()
  for change in "$@"; do changes+=(--change "$change"); done
  tar -C "$root" -c . | "$cli" import --quiet "${changes[@]}" - "$image" >/dev/null
}

base busybox
dpkg-deb -x busybox-static_*.deb unpacked
cp unpacked/bin/busybox busybox/bin/busybox
for applet in $(busybox/bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "busybox/bin/$applet"; done
import busybox localhost/skiff-test/busybox:1 'ENV PATH=/bin' 'CMD ["sh"]'

mkdir -p static/www
cp unpacked/bin/busybox static/httpd
echo well >static/www/healthz
import static localhost/skiff-test/static:1 'CMD ["/httpd", "-f", "-p", "8080", "-h", "/www"]'

# A program with its libraries, and a shell beside it.
install() {
  local root=$1
  base "$root"
  for package in "debs/$root"/*.deb; do dpkg-deb -x "$package" "$root"; done
  mkdir -p "$root/run" "$root/lib64"
  [ -e "$root/lib64/ld-linux-x86-64.so.2" ] || ln -sf ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/lib64/ld-linux-x86-64.so.2"
  rm -rf "$root"/usr/share/{doc,man,locale}
  cp busybox/bin/busybox "$root/bin/busybox"
  for applet in sh cat kill ls mkdir ps tar; do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
}

install nginx
mkdir -p nginx/var/lib/nginx nginx/www
cat >nginx/etc/nginx/nginx.conf <<'CONF'
worker_processes 1;
error_log /dev/stderr;
events {}
http {
  access_log /dev/stdout;
  server { listen 80; root /www; }
}
CONF
for version in 1 2; do
  echo "version $version" >nginx/www/index.html
  import nginx "localhost/skiff-test/nginx:$version" 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' 'STOPSIGNAL SIGQUIT' \
    'CMD ["nginx", "-g", "daemon off;"]'
done

"$cli" tag localhost/skiff-test/busybox:1 localhost/skiff-test/busybox:1.36
"$cli" tag localhost/skiff-test/nginx:1 localhost/skiff-test/nginx:1.13
"$cli" tag localhost/skiff-test/nginx:2 localhost/skiff-test/nginx:1.15

install mariadb
mkdir -p mariadb/var/lib/mysql
import mariadb localhost/skiff-test/mariadb:1 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' \
  'CMD ["mariadbd", "--user=root", "--skip-grant-tables", "--socket=/tmp/mysql.sock", "--bind-address=0.0.0.0", "--skip-networking=0"]'
