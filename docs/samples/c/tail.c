/* tail -f: tail FILE prints what is in the file and what is added to it, until the file is removed or renamed. */
#include <sys/types.h>
#include <sys/event.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void copy(int fd)
{
    char buf[4096];
    ssize_t n;
    while ((n = read(fd, buf, sizeof buf)) > 0) {
        if (write(STDOUT_FILENO, buf, (size_t)n) != n)
            err(1, "write");
    }
}

int main(int argc, char **argv)
{
    struct kevent kev;
    struct stat st;
    int fd, kq;

    if (argc != 2)
        errx(2, "usage: tail file");
    if ((fd = open(argv[1], O_RDONLY)) == -1)
        err(1, "%s", argv[1]);
    if ((kq = kqueue()) == -1)
        err(1, "kqueue");
    EV_SET(&kev, fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB | NOTE_DELETE | NOTE_RENAME, 0, NULL);
    if (kevent(kq, &kev, 1, NULL, 0, NULL) == -1)
        err(1, "%s", argv[1]);

    for (;;) {
        copy(fd);
        int n = kevent(kq, NULL, 0, &kev, 1, NULL);
        if (n == -1 && errno != EINTR)
            err(1, "kevent");
        if (n != 1)
            continue;
        if (fstat(fd, &st) == 0 && st.st_size < lseek(fd, 0, SEEK_CUR)) {
            fprintf(stderr, "%s was truncated\n", argv[1]);
            lseek(fd, 0, SEEK_SET);
        }
        if (kev.fflags & (NOTE_DELETE | NOTE_RENAME)) {
            copy(fd);
            return 0;
        }
    }
}
