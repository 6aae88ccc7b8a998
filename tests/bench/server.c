/* server.c: a model server for measuring: answers every Chat Completions request after so many milliseconds, and costs
 * little itself. Prints its port. */
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024
#define HEAD 16384 /* bytes of a request that are looked at */

struct connection {
  char head[HEAD + 1];
  size_t head_len;
  size_t left;      /* bytes of the body still to come; SIZE_MAX: the headers are not whole yet */
  double answer_at; /* 0: no request is waiting */
};

static struct pollfd fds[MOST + 1];
static struct connection connections[MOST + 1];
static nfds_t count;
static double delay;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void begin_request(struct connection *c)
{
  c->head_len = 0;
  c->left = SIZE_MAX;
  c->answer_at = 0;
}

static void drop(nfds_t i)
{
  close(fds[i].fd);
  count--;
  fds[i] = fds[count];
  connections[i] = connections[count];
}

static void answer(nfds_t i)
{
  struct connection *c = &connections[i];
  const char *text = strstr(c->head, "[Safety Judgement:]") != NULL          ? "[Safety Judgement:] True"
                     : strstr(c->head, "[Effectiveness Judgement:]") != NULL ? "[Effectiveness Judgement:] Ineffective"
                                                                             : "(A)";
  char body[256], reply[512];
  int len = snprintf(body, sizeof body, "{\"choices\":[{\"message\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}]}",
                     text);
  len = snprintf(reply, sizeof reply,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len, body);
  if (write(fds[i].fd, reply, (size_t)len) != len)
    drop(i);
  else
    begin_request(c);
}

/* The headers are whole: how much body is to come. */
static void read_head(struct connection *c, const char *end)
{
  const char *length = strcasestr(c->head, "content-length:");
  size_t body = length == NULL ? 0 : (size_t)strtoul(length + 15, NULL, 10);
  size_t have = c->head_len - (size_t)(end + 4 - c->head);
  c->left = body - have;
}

static void read_some(nfds_t i)
{
  static char bytes[1 << 20];
  struct connection *c = &connections[i];
  ssize_t n = read(fds[i].fd, bytes, sizeof bytes);
  if (n <= 0) {
    drop(i);
    return;
  }
  size_t room = HEAD - c->head_len < (size_t)n ? HEAD - c->head_len : (size_t)n;
  memcpy(c->head + c->head_len, bytes, room);
  c->head_len += room;
  c->head[c->head_len] = '\0';
  if (c->left == SIZE_MAX) {
    const char *end = strstr(c->head, "\r\n\r\n");
    if (end == NULL)
      return;
    read_head(c, end);
    c->left -= (size_t)n - room; /* what came beyond the head's buffer */
  } else {
    c->left -= (size_t)n;
  }
  if (c->left == 0)
    c->answer_at = now() + delay;
}

/* To the microsecond: poll's milliseconds would add half of one to each reply. */
static struct timespec wait_time(void)
{
  double first = now() + 1;
  for (nfds_t i = 1; i < count; i++)
    if (connections[i].answer_at > 0 && connections[i].answer_at < first)
      first = connections[i].answer_at;
  double wait = first - now();
  struct timespec t = {0, 0};
  if (wait > 0) {
    t.tv_sec = (time_t)wait;
    t.tv_nsec = (long)((wait - (double)t.tv_sec) * 1e9);
  }
  return t;
}

int main(int argc, char **argv)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  delay = argc > 1 ? atof(argv[1]) / 1000 : 0;
  fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fds[0].fd, (struct sockaddr *)&address, size) != 0 || listen(fds[0].fd, MOST) != 0 ||
      getsockname(fds[0].fd, (struct sockaddr *)&address, &size) != 0)
    return 1;
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  fds[0].events = POLLIN;
  for (count = 1;;) {
    struct timespec wait = wait_time();
    if (ppoll(fds, count, &wait, NULL) < 0)
      return 1;
    if ((fds[0].revents & POLLIN) != 0 && count <= MOST) {
      fds[count].fd = accept(fds[0].fd, NULL, NULL);
      fds[count].events = POLLIN;
      fds[count].revents = 0;
      begin_request(&connections[count++]);
    }
    for (nfds_t i = count; i-- > 1;)
      if (connections[i].answer_at > 0 && now() >= connections[i].answer_at)
        answer(i);
      else if ((fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        read_some(i);
  }
}
