/* The load: thousands of Socket.IO clients in one thread, on websockets alone.

       load rooms    --in-flight W | --alone | --rate R      messages into rooms
       load hold                                             connect, join, stay until standard input ends
       load storm    --missed K                              all leave, K messages a room are sent, all return at once
       load selftest                                         how fast this program itself takes frames

   with --at HOST:PORT (twice: two replicas), --tokens FILE, --rooms FILE (an id a line), --members M (a room),
   --seconds S, --warm-up S, --at-once N (handshakes in progress), --server PID (whose CPU time is to be told).
   Prints one line of JSON; anything unexpected, but for a refusal in a storm, ends it with a line on standard error.

   --in-flight: W senders in all, each sends its next message when its last one was acknowledged.
   --alone: one message at a time in a room; the next when the last was acknowledged and has reached every member.
   --rate: R messages a second in all, whatever the server does; latency counts from when a message was due. */

#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAUSE_S = 3 };

struct sockaddr_in addresses[2];
struct room *rooms;
struct client *clients;
char (*tokens)[LINE];
int address_count, room_count, members = 10, client_count, token_count, at_once = 50, in_flight;
double seconds = 5, rate;
bool alone;
static int servers[8], server_count, missed = 20;
static double warm_up = 2;

/* What is done */

static double connect_all(void)
{
    int64_t begin = now(), given_up = begin + 120 * SECOND;
    next_to_open = 0;
    open_more();
    while (joined < client_count) {
        turn(now() + SECOND / 10);
        retry_failed();
        if (now() > given_up)
            die("only %d of %d clients had joined after 120 s", joined, client_count);
    }
    return (double)(now() - begin) / SECOND;
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
    double begin_server = cpu_of(servers, server_count), begin_own = own_cpu();
    int64_t begin = now();
    measuring = true;
    turn_for(seconds);
    measuring = false;
    double wall = (double)(now() - begin) / SECOND;
    double theirs = cpu_of(servers, server_count) - begin_server, own = own_cpu() - begin_own;
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
    double begin_own = own_cpu(), begin_server = cpu_of(servers, server_count), took = connect_all();
    printf("{\"clients\": %d, \"connections_per_s\": %.0f, \"load_cpu\": %.3f, \"server_cpu\": %.3f}\n",
           client_count, client_count / took, (own_cpu() - begin_own) / took,
           (cpu_of(servers, server_count) - begin_server) / took);
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
    double begin_own = own_cpu(), begin_server = cpu_of(servers, server_count), took = connect_all();
    printf("{\"clients\": %d, \"seconds\": %.3f, \"reconnections_per_s\": %.0f, \"caught_up\": %ld, "
           "\"missed\": %ld, \"retries\": %ld, \"load_cpu\": %.3f, \"server_cpu\": %.3f}\n",
           back, took, back / took, caught_up, (long)back * missed, retries,
           (own_cpu() - begin_own) / took, (cpu_of(servers, server_count) - begin_server) / took);
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

static const char *parse(int count_, char **arguments)
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
        default: die("see the beginning of main.c for what is accepted");
        }
    }
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
    return optind < count_ ? arguments[optind] : "";
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
    const char *mode = parse(argument_count, arguments);
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
