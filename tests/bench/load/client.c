/* The clients: a state machine each, from TCP to joined, and what they send and hear.

   TCP, HTTP upgrade, Engine.IO's "0", Socket.IO's "40", join, joined.
   https://socket.io/docs/v4/engine-io-protocol and RFC 6455. */

#include "load.h"
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { CHUNK = 1 << 17, EVENTS = 512 };

int poll_fd, next_to_open, opening, joined;
bool speaking, measuring, returning;
long sent, acked, delivered, caught_up, retries;
long counted_acks, counted_deliveries, counted_bytes;
static int timer_fd = -1;
static int64_t due_at; /* when the next message is to be sent, with --rate */

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
void speak(struct client *c, int64_t from)
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

void watch(struct client *c, int operation, uint32_t events)
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

void open_more(void)
{
    for (; next_to_open < client_count && opening < at_once; next_to_open++)
        if (clients[next_to_open].state == CLOSED)
            open_client(&clients[next_to_open]);
}

void close_client(struct client *c)
{
    close(c->fd);
    c->state = CLOSED;
    c->rest_len = 0;
    joined--;
}

/* Refused or cut off. Who returns after a storm tries again after a second, as socket.io's client does. */
static void fail(struct client *c, const char *how, const char *data, size_t size)
{
    if (!returning || c->state == JOINED)
        die("client %d %s%.*s", c->number, how, (int)(size < 300 ? size : 300), data);
    close(c->fd);
    c->state = CLOSED;
    c->rest_len = 0;
    c->retry_at = now() + SECOND;
    opening--;
    retries++;
}

void retry_failed(void)
{
    const int64_t at = now();
    for (int i = 0; i < client_count; i++)
        if (clients[i].retry_at && clients[i].retry_at <= at) {
            clients[i].retry_at = 0;
            open_client(&clients[i]);
        }
}

static void upgrade(struct client *c)
{
    static const char request[] =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        fail(c, "could not connect: ", strerror(error), strlen(strerror(error)));
        return;
    }
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
    if (!returning && last) /* nobody speaks before all have joined */
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
    if (!memmem(data, size, "\"ok\":true", 9)) {
        fail(c, "was refused: ", data, size);
        return;
    }
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
    else if (starts(data, size, "44"))
        fail(c, "was refused: ", data, size);
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
    if (starts(data, size, "HTTP/1.1 101"))
        c->state = OPENING;
    else
        fail(c, "was not upgraded: ", data, end - data);
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
    if (got <= 0) {
        fail(c, "lost its connection", "", 0);
        return;
    }
    const int64_t at = now();
    size_t size = c->rest_len + got, start = 0, used;
    if (c->state == UPGRADING)
        start = take_upgrade(c, buffer, size);
    while (c->state > UPGRADING && (used = take_frame(c, buffer + start, size - start, at)))
        start += used;
    if (c->state != CLOSED)
        keep_rest(c, buffer + start, size - start);
}

void start_clock(void)
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

static void on_timer(void)
{
    static long scheduled;
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
void turn(int64_t until)
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

void turn_for(double some_seconds)
{
    int64_t end = now() + (int64_t)(some_seconds * SECOND);
    while (now() < end)
        turn(end);
}
