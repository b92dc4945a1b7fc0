package dev.ringlet.examples.kv;

/**
 * Ends a command with an error reply. It has no stack trace: it is an answer to the client, not a
 * failure of the server, and hostile clients can cause as many as they like.
 */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  CommandException(Reply reply) {
    super(reply.toString(), null, false, false);
    this.reply = reply;
  }

  Reply reply() {
    return reply;
  }
}
