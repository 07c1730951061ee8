/* How fast the load generator itself takes frames: nobody need believe that it is no bottleneck. */

#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Another process writes events to 500 sockets as fast as it can, 16 in each write, as a busy server would. */
static void flood(struct sockaddr_in *to)
{
    static char data[16 * 600];
    int sockets[500], size = 0;
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    sched_setaffinity(0, sizeof first, &first);
    for (int i = 0; i < 16; i++) {
        int length = snprintf(data + size + 4, 590,
                              "42[\"event\",{\"room\":\"1\",\"seq\":1,\"message\":{\"text\":\"t=%019lld " TEXT
                              "\",\"padding\":\"%0*d\"}}]",
                              (long long)now(), 320, 0);
        memcpy(data + size, (char[]){(char)0x81, 126, (char)(length >> 8), (char)length}, 4);
        size += length + 4;
    }
    for (int i = 0; i < 500; i++) {
        sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sockets[i], (struct sockaddr *)to, sizeof *to))
            die("selftest: %s", strerror(errno));
    }
    for (int i = 0; send(sockets[i], data, size, MSG_NOSIGNAL) == size; i = (i + 1) % 500)
        ;
    exit(0);
}

void run_selftest(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 500))
        die("selftest: %s", strerror(errno));
    getsockname(listener, (struct sockaddr *)&address, &size);
    int child = fork();
    if (!child)
        flood(&address);
    clients = calloc(client_count = 500, sizeof *clients);
    for (int i = 0; i < 500; i++) {
        clients[i] = (struct client){.fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), .state = JOINED};
        watch(&clients[i], EPOLL_CTL_ADD, EPOLLIN);
    }
    turn_for(1);
    double begin = own_cpu();
    int64_t begin_at = now();
    measuring = true;
    turn_for(seconds);
    double cpu = own_cpu() - begin, wall = (double)(now() - begin_at) / SECOND;
    kill(child, SIGTERM);
    printf("{\"frames_per_s\": %.0f, \"frame_bytes\": %.0f, \"load_cpu\": %.3f, \"frames_per_cpu_s\": %.0f}\n",
           counted_deliveries / wall, (double)counted_bytes / counted_deliveries, cpu / wall, counted_deliveries / cpu);
}
