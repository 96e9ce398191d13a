/*
 * A sink for HTTP/1.1 requests: answers each with 200 and a constant body, keeps connections alive, and uses one
 * thread. `GET /connections` answers how many connections were accepted before. Prints its port.
 *
 *   sink                     plain
 *   sink CERTIFICATE KEY     TLS, where compiled with -DWITH_TLS -lssl -lcrypto
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#endif

#define HEAD_BYTES 16384
#define CHUNK_BYTES 65536

typedef struct {
  int socket;
  size_t head_length;  /* bytes of the head read so far */
  size_t body_left;    /* bytes of the body still to come */
  char head[HEAD_BYTES + 1];
#ifdef WITH_TLS
  SSL *tls;
#endif
} connection;

static const char body[] = "{\"status\":\"accepted\"}";
static unsigned long accepted;
static char chunk[CHUNK_BYTES];

#ifdef WITH_TLS
static SSL_CTX *context;
#endif

/* Bytes read, 0 at the end, -1 when there is nothing yet. */
static ssize_t receive(connection *from) {
#ifdef WITH_TLS
  if (from->tls) {
    /* What went wrong on another connection would be taken for this one's. */
    ERR_clear_error();
    int length = SSL_read(from->tls, chunk, sizeof chunk);
    if (length > 0) return length;
    int problem = SSL_get_error(from->tls, length);
    return problem == SSL_ERROR_WANT_READ || problem == SSL_ERROR_WANT_WRITE ? -1 : 0;
  }
#endif
  ssize_t length = recv(from->socket, chunk, sizeof chunk, 0);
  if (length >= 0) return length;
  return errno == EAGAIN || errno == EINTR ? -1 : 0;
}

/* The answer is far smaller than a socket's buffer, which is empty while the client waits. */
static int transmit(connection *to, const char *text, size_t length) {
#ifdef WITH_TLS
  if (to->tls) return SSL_write(to->tls, text, (int)length) == (int)length;
#endif
  return send(to->socket, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static int respond(connection *to) {
  char counted[64], text[256];
  const char *content = body;
  if (strncmp(to->head, "GET /connections ", 17) == 0) {
    snprintf(counted, sizeof counted, "{\"connections\":%lu}", accepted - 1);
    content = counted;
  }
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s",
                        strlen(content), content);
  return transmit(to, text, (size_t)length);
}

/* Takes what was read: heads are kept until complete, bodies are passed over. 0 ends the connection. */
static int take(connection *from, const char *bytes, size_t length) {
  while (length > 0) {
    if (from->body_left > 0) {
      size_t skipped = length < from->body_left ? length : from->body_left;
      from->body_left -= skipped;
      bytes += skipped;
      length -= skipped;
      if (from->body_left == 0) {
        if (!respond(from)) return 0;
        from->head_length = 0;
      }
      continue;
    }
    size_t room = HEAD_BYTES - from->head_length;
    size_t copied = length < room ? length : room;
    memcpy(from->head + from->head_length, bytes, copied);
    from->head[from->head_length + copied] = 0;
    char *end = strstr(from->head, "\r\n\r\n");
    if (end == NULL) {
      if (copied == room) return 0;
      from->head_length += copied;
      return 1;
    }
    size_t used = (size_t)(end + 4 - from->head) - from->head_length;
    bytes += used;
    length -= used;
    char *size = strcasestr(from->head, "\ncontent-length:");
    from->body_left = size == NULL || size > end ? 0 : strtoul(size + 16, NULL, 10);
    if (from->body_left == 0) {
      if (!respond(from)) return 0;
      from->head_length = 0;
    }
  }
  return 1;
}

static void finish(connection *ended) {
#ifdef WITH_TLS
  if (ended->tls) SSL_free(ended->tls);
#endif
  close(ended->socket);
  free(ended);
}

static void serve(connection *from) {
  for (;;) {
    ssize_t length = receive(from);
    if (length < 0) return;
    if (length == 0 || !take(from, chunk, (size_t)length)) {
      finish(from);
      return;
    }
  }
}

static void welcome(int listener, int poll) {
  int socket, on = 1;
  while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection *opened = calloc(1, sizeof *opened);
    if (opened == NULL) exit(1);
    opened->socket = socket;
    accepted += 1;
#ifdef WITH_TLS
    if (context) {
      opened->tls = SSL_new(context);
      SSL_set_fd(opened->tls, socket);
      SSL_set_accept_state(opened->tls);
    }
#endif
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = opened};
    epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
  }
}

int main(int count, char **arguments) {
  signal(SIGPIPE, SIG_IGN);
  if (count == 3) {
#ifdef WITH_TLS
    context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_file(context, arguments[1], SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, arguments[2], SSL_FILETYPE_PEM) != 1)
      return 2;
#else
    (void)arguments;
    return 2;
#endif
  }
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1024) != 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  int poll = epoll_create1(0);
  struct epoll_event own = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &own);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(poll, events, 256, -1);
    for (int index = 0; index < ready; index++) {
      if (events[index].data.ptr == NULL) welcome(listener, poll);
      else serve(events[index].data.ptr);
    }
  }
}
