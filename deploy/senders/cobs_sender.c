/* Your robot's firmware on the FairZone screen, over a serial line: keeps every report until the zone has stored it.
 *
 * A report is one JSON object, its CRC-32 behind it, stuffed with COBS, a zero byte on both sides. The zone answers in
 * the same frames: {"ack": {"robot": "...", "boot": 5, "seq": 42}} says that 42 and all before it are stored.
 *
 * The first part is plain C99 without heap, for a microcontroller: call fz_report() when there is something to say,
 * fz_poll() often, and give it your own fz_write(). The second part, main(), is the same robot on Linux:
 *     cc -std=c99 -Wall -o cobs_sender cobs_sender.c && ./cobs_sender /dev/ttyUSB0 1000
 */
#define _DEFAULT_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FZ_HELD 512 /* so many reports are kept while the zone is away; then the oldest goes */
#define FZ_BODY 120 /* the longest report, without what fz_send() adds */
#define FZ_FRAME (FZ_BODY + 64)

static char held[FZ_HELD][FZ_BODY];
static uint32_t boot, newest, marked, sent, silent; /* boot: rises with every start; keep a counter in flash */

int fz_write(const uint8_t *bytes, size_t count); /* yours: 0 when all of it is on its way */

static uint32_t fz_crc32(const uint8_t *bytes, size_t count) {
    uint32_t crc = 0xFFFFFFFFu;
    while (count--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    }
    return ~crc;
}

static size_t fz_stuff(const uint8_t *bytes, size_t count, uint8_t *out) {
    size_t code = 0, end = 1;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i]) out[end++] = bytes[i];
        if (!bytes[i] || end - code == 255) {
            out[code] = (uint8_t)(end - code);
            code = end++;
        }
    }
    out[code] = (uint8_t)(end - code);
    return end;
}

static size_t fz_unstuff(uint8_t *bytes, size_t count) { /* in place; 0 when it is no frame */
    size_t from = 0, to = 0;
    while (from < count) {
        size_t code = bytes[from++];
        if (!code || from + code - 1 > count) return 0;
        for (size_t i = 1; i < code; i++) bytes[to++] = bytes[from++];
        if (code < 255 && from < count) bytes[to++] = 0;
    }
    return to;
}

static uint32_t fz_oldest(void) {
    return newest - marked > FZ_HELD ? newest - FZ_HELD + 1 : marked + 1;
}

static int fz_send(uint32_t seq) {
    uint8_t body[FZ_FRAME], frame[FZ_FRAME + 8] = {0};
    int size = snprintf((char *)body, sizeof body - 4, "{\"boot\":%lu,\"seq\":%lu,\"oldest\":%lu,%s}", (unsigned long)boot,
                        (unsigned long)seq, (unsigned long)fz_oldest(), held[seq % FZ_HELD]);
    uint32_t crc = fz_crc32(body, (size_t)size);
    for (int byte = 0; byte < 4; byte++) body[size++] = (uint8_t)(crc >> 8 * byte);
    size_t stuffed = fz_stuff(body, (size_t)size, frame + 1);
    frame[stuffed + 1] = 0;
    return fz_write(frame, stuffed + 2);
}

void fz_report(const char *fields) { /* for example "\"battery\":80,\"activity\":\"working\"" */
    newest++;
    snprintf(held[newest % FZ_HELD], FZ_BODY, "%s", fields);
}

static void fz_mark(uint8_t *frame, size_t count) {
    size_t size = fz_unstuff(frame, count);
    if (size < 5) return;
    uint32_t crc = 0;
    for (int byte = 0; byte < 4; byte++) crc |= (uint32_t)frame[size - 4 + (size_t)byte] << 8 * byte;
    if (crc != fz_crc32(frame, size - 4)) return;
    frame[size - 4] = 0;
    const char *its_boot = strstr((char *)frame, "\"boot\": "), *its_seq = strstr((char *)frame, "\"seq\": ");
    if (!its_boot || !its_seq || strtoul(its_boot + 8, NULL, 10) != boot) return;
    uint32_t seq = (uint32_t)strtoul(its_seq + 7, NULL, 10);
    if (seq > marked && seq <= newest) marked = seq, silent = 0;
}

void fz_again(void) { /* call it when the line was away, and when its mark has not moved for some seconds */
    sent = fz_oldest() - 1;
}

void fz_poll(const uint8_t *bytes, size_t count) { /* what has come from the zone since the last time */
    static uint8_t frame[FZ_FRAME];
    static size_t size;
    for (size_t i = 0; i < count; i++) {
        if (!bytes[i]) {
            fz_mark(frame, size);
            size = 0;
        } else if (size < sizeof frame) {
            frame[size++] = bytes[i];
        }
    }
    if (sent < fz_oldest() - 1) sent = fz_oldest() - 1;
    while (sent < newest && fz_send(sent + 1) == 0) sent++;
}

/* ------------------------------------------------ the same robot on Linux ------------------------------------------ */

#include <fcntl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int line = -1;

int fz_write(const uint8_t *bytes, size_t count) {
    return line >= 0 && write(line, bytes, count) == (ssize_t)count ? 0 : -1;
}

static void open_line(const char *path) {
    struct termios raw;
    line = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (line < 0 || tcgetattr(line, &raw)) return;
    cfmakeraw(&raw);
    cfsetspeed(&raw, B115200);
    tcsetattr(line, TCSANOW, &raw);
    fz_again();
}

static void tell(const char *words) { /* once, and again when it is something else; and when all is well again */
    static const char *said = "";
    if (strcmp(words, said)) fprintf(stderr, "%s\n", said = words);
}

int main(int count, char **words) {
    if (count != 3) return fprintf(stderr, "usage: cobs_sender PORT PERIOD_MS\n"), 2;
    uint32_t period = (uint32_t)strtoul(words[2], NULL, 10);
    boot = (uint32_t)time(NULL);
    for (;;) {
        char fields[FZ_BODY];
        snprintf(fields, sizeof fields, "\"battery\":%lu,\"activity\":\"working\"", (unsigned long)(100 - newest % 100));
        fz_report(fields);
        if (line < 0) open_line(words[1]);
        uint8_t heard[256];
        ssize_t size = line < 0 ? 0 : read(line, heard, sizeof heard);
        if (size == 0 && line >= 0) close(line), line = -1; /* the end of a line that was pulled */
        if (line < 0) tell("The port cannot be opened.");
        if (++silent * period > 3000) {
            fz_again(), silent = 0;
            if (line >= 0) tell("The zone confirms nothing: is the bridge running, and the robot enrolled at this port?");
        }
        uint32_t before = marked;
        fz_poll(heard, size > 0 ? (size_t)size : 0);
        if (marked > before) tell("The zone stores what this robot sends.");
        usleep(period * 1000);
    }
}
