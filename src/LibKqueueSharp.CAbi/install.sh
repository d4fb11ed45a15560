#!/bin/sh
# install.sh PREFIX: puts the published library, its header and its pkg-config file under PREFIX/lib and PREFIX/include; DESTDIR, when it is set, comes
# before PREFIX, as packagers are used to. Programs that use a library that is there already go on with it.
set -eu
umask 022
prefix=${DESTDIR-}${1:?usage: [DESTDIR=FOLDER] install.sh PREFIX}
from=$(cd "$(dirname "$0")" && pwd)

put() {
    cp "$1" "$2.new"
    chmod 644 "$2.new"
    mv -f "$2.new" "$2"
}

mkdir -p "$prefix/lib/pkgconfig" "$prefix/include/kqueue/sys"
put "$from/libkqueue.so.0" "$prefix/lib/libkqueue.so.0"
ln -sf libkqueue.so.0 "$prefix/lib/libkqueue.so"
put "$from/include/kqueue/sys/event.h" "$prefix/include/kqueue/sys/event.h"
put "$from/lib/pkgconfig/libkqueue.pc" "$prefix/lib/pkgconfig/libkqueue.pc"
