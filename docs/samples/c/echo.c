/* An echo server: echo [port]. It prints the port that it listens on. */
#include <sys/types.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS 64

static void echo(int s, long available)
{
    char buf[4096];
    while (available > 0) {
        ssize_t n = read(s, buf, sizeof buf);
        if (n <= 0 || write(s, buf, (size_t)n) != n)
            return;
        available -= n;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in sin;
    socklen_t len = sizeof sin;
    struct kevent kev, events[EVENTS];
    int kq, s;

    memset(&sin, 0, sizeof sin);
    sin.sin_family = AF_INET;
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sin.sin_port = htons(argc > 1 ? (unsigned short)atoi(argv[1]) : 0);
    if ((s = socket(AF_INET, SOCK_STREAM, 0)) == -1)
        err(1, "socket");
    if (bind(s, (struct sockaddr *)&sin, sizeof sin) == -1 || listen(s, 128) == -1)
        err(1, "bind");
    getsockname(s, (struct sockaddr *)&sin, &len);
    printf("%d\n", ntohs(sin.sin_port));
    fflush(stdout);

    if ((kq = kqueue()) == -1)
        err(1, "kqueue");
    EV_SET(&kev, s, EVFILT_READ, EV_ADD, 0, 0, NULL);
    if (kevent(kq, &kev, 1, NULL, 0, NULL) == -1)
        err(1, "kevent");

    for (;;) {
        int n = kevent(kq, NULL, 0, events, EVENTS, NULL);
        if (n == -1 && errno != EINTR)
            err(1, "kevent");
        for (int i = 0; i < n; i++) {
            int fd = (int)events[i].ident;
            if (fd == s) {
                for (long backlog = events[i].data; backlog > 0; backlog--) {
                    int c = accept(s, NULL, NULL);
                    if (c == -1)
                        continue;
                    EV_SET(&kev, c, EVFILT_READ, EV_ADD, 0, 0, NULL);
                    if (kevent(kq, &kev, 1, NULL, 0, NULL) == -1)
                        err(1, "kevent");
                }
            } else {
                echo(fd, (long)events[i].data);
                if (events[i].flags & EV_EOF)
                    close(fd);
            }
        }
    }
}
