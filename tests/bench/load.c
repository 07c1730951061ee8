/* The load: thousands of Socket.IO clients in one thread, on websockets alone.

       load rooms    --in-flight W | --alone | --rate R      messages into rooms
       load hold                                             connect, join, stay until standard input ends
       load storm    --missed K                              all leave, K messages a room are sent, all return at once
       load selftest                                         how fast this program itself takes frames

   with --at HOST:PORT (twice: two replicas), --tokens FILE, --rooms FILE (an id a line), --members M (a room),
   --seconds S, --warm-up S, --at-once N (handshakes in progress), --server PID (whose CPU time is to be told).
   Prints one line of JSON; anything unexpected ends it with a line on standard error.

   --in-flight: W senders in all, each sends its next message when its last one was acknowledged.
   --alone: one message at a time in a room; the next when the last was acknowledged and has reached every member.
   --rate: R messages a second in all, whatever the server does; latency counts from when a message was due.

   A client's state machine follows the protocol: TCP, HTTP upgrade, Engine.IO's "0", Socket.IO's "40", join, joined.
   https://socket.io/docs/v4/engine-io-protocol and RFC 6455. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 1 << 17, EVENTS = 512, BIN_US = 10, BINS = 2000000, LINE = 256, PAUSE_S = 3 };
#define SECOND 1000000000LL
#define TEXT "The light over the harbour this morning was worth the walk."

enum state { CLOSED, CONNECTING, UPGRADING, OPENING, GREETING, JOINING, JOINED };

struct client {
    int fd, number;
    enum state state;
    struct room *room;
    char *rest; /* the beginning of a frame that has not come whole */
    size_t rest_len, rest_cap;
    int64_t sent_at;
};

struct room {
    char id[64];
    long last_seq;        /* when the first of its members joined */
    long due;             /* deliveries of the one message in flight that are still to come, with --alone */
    int speaker;          /* with --rate: whose turn it is */
    struct client *first; /* its members lie side by side */
};

struct histogram {
    long count;
    uint32_t bins[BINS];
};

static const char *mode;
static struct sockaddr_in addresses[2];
static int address_count, servers[8], server_count;
static struct room *rooms;
static struct client *clients;
static char (*tokens)[LINE];
static int room_count, members = 10, client_count, token_count, at_once = 50, in_flight, missed = 20;
static double seconds = 5, warm_up = 2, rate;
static bool alone;

static int poll_fd, timer_fd = -1;
static int next_to_open, opening, joined;
static bool speaking, measuring, returning;
static int64_t scheduled, due_at;
static long sent, acked, delivered, caught_up;                /* in all */
static long counted_acks, counted_deliveries, counted_bytes; /* within the measured window */
static struct histogram latency, ack_latency;

static void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

/* Numbers */

static void count(struct histogram *h, int64_t nanoseconds)
{
    int64_t bin = nanoseconds / (BIN_US * 1000);
    h->bins[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1]++;
    h->count++;
}

static double quantile_ms(const struct histogram *h, double q)
{
    long passed = 0, wanted = (long)(q * h->count);
    for (int i = 0; i < BINS; i++)
        if ((passed += h->bins[i]) > wanted)
            return (i + 0.5) * BIN_US / 1000;
    return 0;
}

static double own_cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double server_cpu(void)
{
    double ticks = 0;
    for (int i = 0; i < server_count; i++) {
        char path[64], line[1024];
        unsigned long user = 0, system = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", servers[i]);
        FILE *file = fopen(path, "r");
        if (!file || !fgets(line, sizeof line, file))
            die("there is no process %d (any more)", servers[i]);
        sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
        ticks += user + system;
        fclose(file);
    }
    return ticks / sysconf(_SC_CLK_TCK);
}

/* Out */

static void write_all(struct client *c, const char *data, size_t size)
{
    if (send(c->fd, data, size, MSG_NOSIGNAL) != (ssize_t)size)
        die("client %d could not write %zu bytes: %s", c->number, size, strerror(errno));
}

/* A masked text frame, as a client's must be; a mask of zeros leaves the text as it is. */
static void write_text(struct client *c, const char *format, ...)
{
    char frame[1200] = {(char)0x81};
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(frame + 8, sizeof frame - 8, format, arguments);
    va_end(arguments);
    if (size < 126) {
        frame[2] = (char)0x81;
        frame[3] = (char)(0x80 | size);
        memset(frame + 4, 0, 4);
        write_all(c, frame + 2, size + 6);
    } else {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(size >> 8);
        frame[3] = (char)size;
        memset(frame + 4, 0, 4);
        write_all(c, frame, size + 8);
    }
}

static void join_room(struct client *c)
{
    if (returning)
        write_text(c, "420[\"join\",{\"room\":\"%s\",\"after\":%ld}]", c->room->id, c->room->last_seq);
    else
        write_text(c, "420[\"join\",{\"room\":\"%s\"}]", c->room->id);
    c->state = JOINING;
}

/* The text begins with the time from which its latency counts. */
static void speak(struct client *c, int64_t from)
{
    c->sent_at = from;
    c->room->due = members;
    write_text(c, "42%ld[\"send\",{\"room\":\"%s\",\"text\":\"t=%019lld " TEXT "\",\"client_id\":\"%d-%lld-%ld\"}]",
               1 + sent % 1000, c->room->id, (long long)from, getpid(), (long long)from, sent);
    sent++;
}

static void speak_again(struct client *c)
{
    if (!speaking)
        return;
    if (in_flight)
        speak(c, now());
    else if (alone && !c->room->due && !c->room->first->sent_at)
        speak(c->room->first, now());
}

/* Connections */

static void watch(struct client *c, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poll_fd, operation, c->fd, &event))
        die("epoll: %s", strerror(errno));
}

static void open_client(struct client *c)
{
    int one = 1;
    long side = c->number + (c->room - rooms); /* each room is on both, and their first members take turns */
    struct sockaddr_in *address = &addresses[side % address_count];
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        die("no socket for client %d: %s; see ulimit -n", c->number, strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)address, sizeof *address) && errno != EINPROGRESS)
        die("client %d could not connect: %s", c->number, strerror(errno));
    c->state = CONNECTING;
    opening++;
    watch(c, EPOLL_CTL_ADD, EPOLLOUT);
}

static void open_more(void)
{
    for (; next_to_open < client_count && opening < at_once; next_to_open++)
        if (clients[next_to_open].state == CLOSED)
            open_client(&clients[next_to_open]);
}

static void close_client(struct client *c)
{
    close(c->fd);
    c->state = CLOSED;
    c->rest_len = 0;
    joined--;
}

static void upgrade(struct client *c)
{
    static const char request[] =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error)
        die("client %d could not connect: %s", c->number, strerror(error));
    write_all(c, request, sizeof request - 1);
    c->state = UPGRADING;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

/* In */

static bool starts(const char *data, size_t size, const char *with)
{
    return size >= strlen(with) && !memcmp(data, with, strlen(with));
}

static void take_join(struct client *c, const char *data, size_t size)
{
    static const char key[] = "\"last_seq\":", event[] = "\"type\":\"message\"";
    const char *last = memmem(data, size, key, sizeof key - 1);
    if (!c->room->last_seq && last)
        c->room->last_seq = atol(last + sizeof key - 1);
    const char *at = data, *end = data + size;
    while (returning && (at = memmem(at, end - at, event, sizeof event - 1))) {
        caught_up++;
        at += sizeof event - 1;
    }
    c->state = JOINED;
    opening--;
    joined++;
    open_more();
}

static void take_ack(struct client *c, const char *data, size_t size)
{
    if (!memmem(data, size, "\"ok\":true", 9))
        die("client %d was refused: %.*s", c->number, (int)(size < 300 ? size : 300), data);
    if (c->state == JOINING) {
        take_join(c, data, size);
        return;
    }
    acked++;
    if (measuring) {
        counted_acks++;
        count(&ack_latency, now() - c->sent_at);
    }
    c->sent_at = 0;
    speak_again(c);
}

/* The time in a message's text. It is looked for where the last one was: frames differ little. */
static int64_t time_in(const char *data, size_t size)
{
    static const char key[] = "\"text\":\"t=";
    static size_t hint;
    if (hint + sizeof key + 19 > size || memcmp(data + hint, key, sizeof key - 1)) {
        const char *found = memmem(data, size, key, sizeof key - 1);
        if (!found || found - data + sizeof key + 19 > size)
            die("an event without the text that was sent: %.*s", (int)size, data);
        hint = found - data;
    }
    int64_t value = 0;
    for (const char *digit = data + hint + sizeof key - 1; *digit != ' '; digit++)
        value = value * 10 + *digit - '0';
    return value;
}

static void take_event(struct client *c, const char *data, size_t size, int64_t at)
{
    delivered++;
    if (measuring) {
        counted_deliveries++;
        counted_bytes += size;
        count(&latency, at - time_in(data, size));
    }
    if (alone && !--c->room->due)
        speak_again(c);
}

static void take_packet(struct client *c, const char *data, size_t size, int64_t at)
{
    if (starts(data, size, "42[\"event\""))
        take_event(c, data, size, at);
    else if (starts(data, size, "43"))
        take_ack(c, data, size);
    else if (starts(data, size, "2"))
        write_text(c, "3");
    else if (starts(data, size, "0")) {
        write_text(c, "40{\"token\":\"%s\"}", tokens[c->number % token_count]);
        c->state = GREETING;
    } else if (starts(data, size, "40"))
        join_room(c);
    else if (!starts(data, size, "42"))
        die("client %d got %.*s", c->number, (int)(size < 300 ? size : 300), data);
}

/* Take the frame at `data`; how many bytes it has, or 0 if it is not whole. A server's frames are not masked. */
static size_t take_frame(struct client *c, const char *data, size_t size, int64_t at)
{
    const unsigned char *head = (const unsigned char *)data;
    size_t header = 2, length;
    if (size < 2)
        return 0;
    length = head[1];
    if (length >= 126) {
        header = length == 126 ? 4 : 10;
        if (size < header)
            return 0;
        length = 0;
        for (size_t i = 2; i < header; i++)
            length = length << 8 | head[i];
    }
    if (size < header + length)
        return 0;
    if (head[0] == 0x81)
        take_packet(c, data + header, length, at);
    else
        die("client %d got a frame that begins with %02x; only whole texts are expected", c->number, head[0]);
    return header + length;
}

static size_t take_upgrade(struct client *c, const char *data, size_t size)
{
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!starts(data, size, "HTTP/1.1 101"))
        die("client %d was not upgraded: %.*s", c->number, (int)(end - data), data);
    c->state = OPENING;
    return end + 4 - data;
}

static void keep_rest(struct client *c, const char *data, size_t size)
{
    if (size > c->rest_cap)
        c->rest = realloc(c->rest, c->rest_cap = size * 2);
    memcpy(c->rest, data, size);
    c->rest_len = size;
}

static void on_readable(struct client *c)
{
    static char *buffer;
    static size_t capacity;
    if (c->rest_len + CHUNK > capacity)
        buffer = realloc(buffer, capacity = 2 * c->rest_len + CHUNK);
    memcpy(buffer, c->rest, c->rest_len);
    ssize_t got = recv(c->fd, buffer + c->rest_len, CHUNK, 0);
    if (got <= 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        die("client %d lost its connection", c->number);
    const int64_t at = now();
    size_t size = c->rest_len + got, start = 0, used;
    if (c->state == UPGRADING)
        start = take_upgrade(c, buffer, size);
    while (c->state > UPGRADING && (used = take_frame(c, buffer + start, size - start, at)))
        start += used;
    keep_rest(c, buffer + start, size - start);
}

static void on_timer(void)
{
    uint64_t times = 0;
    if (read(timer_fd, &times, sizeof times) < 0)
        return;
    for (; times; times--, scheduled++) {
        struct room *room = &rooms[scheduled % room_count];
        if (speaking)
            speak(room->first + room->speaker++ % members, due_at);
        due_at += (int64_t)(SECOND / rate);
    }
}

/* One look at what has come; waits for it until `until` at most. */
static void turn(int64_t until)
{
    struct epoll_event events[EVENTS];
    int64_t left = until - now();
    int found = epoll_wait(poll_fd, events, EVENTS, left <= 0 ? 0 : (int)(left / 1000000) + 1);
    for (int i = 0; i < found; i++) {
        struct client *c = events[i].data.ptr;
        if (!c)
            on_timer();
        else if (c->state == CONNECTING)
            upgrade(c);
        else if (c->state != CLOSED)
            on_readable(c);
    }
}

static void turn_for(double some_seconds)
{
    int64_t end = now() + (int64_t)(some_seconds * SECOND);
    while (now() < end)
        turn(end);
}

/* What is done */

static double connect_all(void)
{
    int64_t begin = now(), given_up = begin + 120 * SECOND;
    next_to_open = 0;
    open_more();
    while (joined < client_count) {
        turn(now() + SECOND);
        if (now() > given_up)
            die("only %d of %d clients had joined after 120 s", joined, client_count);
    }
    return (double)(now() - begin) / SECOND;
}

static void start_clock(void)
{
    int64_t step = (int64_t)(SECOND / rate);
    struct itimerspec every = {.it_interval = {step / SECOND, step % SECOND}};
    struct epoll_event event = {.events = EPOLLIN};
    due_at = now() + step;
    every.it_value.tv_sec = due_at / SECOND;
    every.it_value.tv_nsec = due_at % SECOND;
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &every, NULL);
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer_fd, &event);
}

static void start_speaking(void)
{
    speaking = true;
    if (rate)
        start_clock();
    for (int i = 0; i < in_flight; i++) /* spread over the rooms, then over their members */
        speak(rooms[i % room_count].first + i / room_count, now());
    for (int i = 0; alone && i < room_count; i++)
        speak(rooms[i].first, now());
}

/* What is still under way may arrive; then `missing` says what never did. */
static long stop_speaking(void)
{
    int64_t end = now() + PAUSE_S * SECOND;
    speaking = false;
    while ((delivered < sent * members || acked < sent) && now() < end)
        turn(end);
    return sent * members - delivered;
}

static void run_rooms(void)
{
    double took = connect_all();
    start_speaking();
    turn_for(warm_up);
    double begin_server = server_cpu(), begin_own = own_cpu();
    int64_t begin = now();
    measuring = true;
    turn_for(seconds);
    measuring = false;
    double wall = (double)(now() - begin) / SECOND;
    double theirs = server_cpu() - begin_server, own = own_cpu() - begin_own;
    long missing = stop_speaking();
    printf("{\"clients\": %d, \"connections_per_s\": %.0f, \"seconds\": %.3f, \"messages_per_s\": %.1f, "
           "\"deliveries_per_s\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"ack_p50_ms\": %.2f, "
           "\"ack_p99_ms\": %.2f, \"frame_bytes\": %.0f, \"missing\": %ld, \"load_cpu\": %.3f, "
           "\"server_cpu\": %.3f, \"server_us_per_delivery\": %.3f}\n",
           client_count, client_count / took, wall, counted_acks / wall, counted_deliveries / wall,
           quantile_ms(&latency, 0.5), quantile_ms(&latency, 0.99), quantile_ms(&ack_latency, 0.5),
           quantile_ms(&ack_latency, 0.99), counted_deliveries ? (double)counted_bytes / counted_deliveries : 0,
           missing, own / wall, theirs / wall, counted_deliveries ? theirs * 1e6 / counted_deliveries : 0);
}

static void run_hold(void)
{
    double begin_own = own_cpu(), begin_server = server_cpu(), took = connect_all();
    printf("{\"clients\": %d, \"connections_per_s\": %.0f, \"load_cpu\": %.3f, \"server_cpu\": %.3f}\n",
           client_count, client_count / took, (own_cpu() - begin_own) / took, (server_cpu() - begin_server) / took);
    fflush(stdout);
    fcntl(0, F_SETFL, O_NONBLOCK);
    char nothing;
    while (read(0, &nothing, 1) < 0 && errno == EAGAIN)
        turn(now() + SECOND / 10);
}

/* All but the first of each room lose their connection, miss some messages, and come back at once. */
static void run_storm(void)
{
    connect_all();
    for (int i = 0; i < client_count; i++)
        if (&clients[i] != clients[i].room->first)
            close_client(&clients[i]);
    turn_for(1);
    for (int i = 0; i < missed * room_count; i++) {
        speak(rooms[i % room_count].first, now());
        while (acked < sent)
            turn(now() + SECOND);
    }
    turn_for(0.5);
    returning = true;
    at_once = client_count;
    int back = client_count - room_count;
    double begin_server = server_cpu(), took = connect_all();
    printf("{\"clients\": %d, \"seconds\": %.3f, \"reconnections_per_s\": %.0f, \"caught_up\": %ld, "
           "\"missed\": %ld, \"server_cpu\": %.3f}\n",
           back, took, back / took, caught_up, (long)back * missed, (server_cpu() - begin_server) / took);
}

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

static void run_selftest(void)
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

/* Set-up */

static void add_address(char *text)
{
    char *colon = strrchr(text, ':');
    if (!colon || address_count == 2)
        die("--at %s is not accepted: IPV4:PORT, once or twice", text);
    *colon = 0;
    struct sockaddr_in *address = &addresses[address_count++];
    address->sin_family = AF_INET;
    address->sin_port = htons(atoi(colon + 1));
    if (inet_pton(AF_INET, text, &address->sin_addr) != 1)
        die("--at %s is not accepted: IPV4:PORT", text);
}

static int read_lines(const char *path, char (**lines)[LINE])
{
    FILE *file = fopen(path, "r");
    int found = 0;
    if (!file)
        die("%s: %s", path, strerror(errno));
    *lines = malloc(20000 * LINE);
    while (found < 20000 && fscanf(file, "%255s", (*lines)[found]) == 1)
        found++;
    fclose(file);
    return found;
}

static void parse(int count_, char **arguments)
{
    static const struct option options[] = {
        {"at", 1, 0, 'a'},       {"tokens", 1, 0, 't'},  {"rooms", 1, 0, 'r'}, {"members", 1, 0, 'm'},
        {"seconds", 1, 0, 's'},  {"warm-up", 1, 0, 'w'}, {"rate", 1, 0, 'f'},  {"in-flight", 1, 0, 'i'},
        {"alone", 0, 0, 'o'},    {"at-once", 1, 0, 'n'}, {"server", 1, 0, 'p'}, {"missed", 1, 0, 'k'},
        {0, 0, 0, 0}};
    char(*ids)[LINE] = NULL;
    for (int option; (option = getopt_long(count_, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'a': add_address(optarg); break;
        case 't': token_count = read_lines(optarg, &tokens); break;
        case 'r': room_count = read_lines(optarg, &ids); break;
        case 'm': members = atoi(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'w': warm_up = atof(optarg); break;
        case 'f': rate = atof(optarg); break;
        case 'i': in_flight = atoi(optarg); break;
        case 'o': alone = true; break;
        case 'n': at_once = atoi(optarg); break;
        case 'k': missed = atoi(optarg); break;
        case 'p': servers[server_count++ % 8] = atoi(optarg); break;
        default: die("see the beginning of load.c for what is accepted");
        }
    }
    mode = optind < count_ ? arguments[optind] : "";
    client_count = room_count * members;
    rooms = calloc(room_count + 1, sizeof *rooms);
    clients = calloc(client_count + 1, sizeof *clients);
    for (int i = 0; i < room_count; i++)
        snprintf(rooms[i].id, sizeof rooms[i].id, "%.63s", ids[i]);
    for (int i = 0; i < client_count; i++) {
        clients[i].number = i;
        clients[i].room = &rooms[i / members];
        rooms[i / members].first = &clients[i / members * members];
    }
}

static void allow_many_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if ((rlim_t)client_count + 20 > limit.rlim_cur)
        die("%d clients need more descriptors than ulimit -n allows: %lu", client_count, (long)limit.rlim_cur);
}

int main(int argument_count, char **arguments)
{
    parse(argument_count, arguments);
    poll_fd = epoll_create1(0);
    allow_many_files();
    if (strcmp(mode, "selftest") && (!client_count || !token_count || !address_count))
        die("--at, --tokens, --rooms and --members are needed");
    if (in_flight > client_count || (in_flight > 0) + alone + (rate > 0) > 1)
        die("one of --in-flight (at most %d), --alone and --rate", client_count);
    if (!strcmp(mode, "rooms"))
        run_rooms();
    else if (!strcmp(mode, "hold"))
        run_hold();
    else if (!strcmp(mode, "storm"))
        run_storm();
    else if (!strcmp(mode, "selftest"))
        run_selftest();
    else
        die("'%s' is not accepted: rooms, hold, storm or selftest", mode);
    return 0;
}
