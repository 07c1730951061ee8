/* What the parts of the load generator share. main.c says what it does. */

#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define SECOND 1000000000LL
#define TEXT "The light over the harbour this morning was worth the walk."

enum state { CLOSED, CONNECTING, UPGRADING, OPENING, GREETING, JOINING, JOINED };

struct client {
    int fd, number;
    enum state state;
    struct room *room;
    char *rest; /* the beginning of a frame that has not come whole */
    size_t rest_len, rest_cap;
    int64_t sent_at, retry_at;
};

struct room {
    char id[64];
    long last_seq;        /* when its members joined for the first time */
    long due;             /* deliveries of the one message in flight that are still to come, with --alone */
    int speaker;          /* with --rate: whose turn it is */
    struct client *first; /* its members lie side by side */
};

/* main.c: what is wanted */
enum { LINE = 256 };
extern struct sockaddr_in addresses[2];
extern struct room *rooms;
extern struct client *clients;
extern char (*tokens)[LINE];
extern int address_count, room_count, members, client_count, token_count, at_once, in_flight;
extern double seconds, rate;
extern bool alone;

/* client.c: where it stands */
extern int poll_fd, next_to_open, opening, joined;
extern bool speaking, measuring, returning;
extern long sent, acked, delivered, caught_up, retries;       /* in all */
extern long counted_acks, counted_deliveries, counted_bytes; /* within the measured window */

void open_more(void);
void retry_failed(void);
void close_client(struct client *c);
void watch(struct client *c, int operation, uint32_t events);
void start_clock(void);
void speak(struct client *c, int64_t from);
void turn(int64_t until);
void turn_for(double some_seconds);

/* numbers.c */
enum { BIN_US = 10, BINS = 2000000 };
struct histogram {
    long count;
    uint32_t bins[BINS];
};
extern struct histogram latency, ack_latency;

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
int64_t now(void);
void count(struct histogram *h, int64_t nanoseconds);
double quantile_ms(const struct histogram *h, double q);
double own_cpu(void);
double cpu_of(const int *processes, int how_many);

/* selftest.c */
void run_selftest(void);
