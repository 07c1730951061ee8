/* Times, CPU times, quantiles, and the way out. */

#include "load.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct histogram latency, ack_latency;

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

void count(struct histogram *h, int64_t nanoseconds)
{
    int64_t bin = nanoseconds / (BIN_US * 1000);
    h->bins[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1]++;
    h->count++;
}

double quantile_ms(const struct histogram *h, double q)
{
    long passed = 0, wanted = (long)(q * h->count);
    for (int i = 0; i < BINS; i++)
        if ((passed += h->bins[i]) > wanted)
            return (i + 0.5) * BIN_US / 1000;
    return 0;
}

double own_cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

double cpu_of(const int *processes, int how_many)
{
    double ticks = 0;
    for (int i = 0; i < how_many; i++) {
        char path[64], line[1024];
        unsigned long user = 0, system = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", processes[i]);
        FILE *file = fopen(path, "r");
        if (!file || !fgets(line, sizeof line, file))
            die("there is no process %d (any more)", processes[i]);
        sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
        ticks += user + system;
        fclose(file);
    }
    return ticks / sysconf(_SC_CLK_TCK);
}
