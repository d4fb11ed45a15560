#!/bin/sh
# install.sh PREFIX: puts the published library, its header and its pkg-config file under PREFIX/lib and PREFIX/include; DESTDIR, when it is set, comes
# before PREFIX, as packagers are used to.
set -eu
prefix=${DESTDIR-}${1:?usage: [DESTDIR=FOLDER] install.sh PREFIX}
from=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$prefix/lib/pkgconfig" "$prefix/include/kqueue/sys"
cp "$from/libkqueue.so.0" "$prefix/lib/libkqueue.so.0"
ln -sf libkqueue.so.0 "$prefix/lib/libkqueue.so"
cp "$from/include/kqueue/sys/event.h" "$prefix/include/kqueue/sys/event.h"
cp "$from/lib/pkgconfig/libkqueue.pc" "$prefix/lib/pkgconfig/libkqueue.pc"
