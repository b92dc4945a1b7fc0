package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one piece of input that go to one shard, as one message there and, with the
 * replies in it, one message back. <b>Thread:</b> whoever has it: the connection, then the shard,
 * then the connection.
 */
final class ShardBatch implements ShardMessage, ConnectionMessage {
  private static final int FIRST_CAPACITY = 4;
  private static final int GROWTH = 4;

  private final ActorRef<ConnectionMessage> replyTo;
  private @Nullable Request[] requests = new Request[FIRST_CAPACITY];
  private Reply[] replies = new Reply[FIRST_CAPACITY];
  private long[] sequences = new long[FIRST_CAPACITY];
  private int[] parts = new int[FIRST_CAPACITY];
  private int count;
  private long requestBytes;
  private long logPosition;

  ShardBatch(ActorRef<ConnectionMessage> replyTo) {
    this.replyTo = replyTo;
  }

  /** Adds a command; gives about how much memory it takes. */
  long add(Request request, long sequence, int part) {
    if (count == requests.length) {
      requests = Arrays.copyOf(requests, GROWTH * count);
      replies = Arrays.copyOf(replies, GROWTH * count);
      sequences = Arrays.copyOf(sequences, GROWTH * count);
      parts = Arrays.copyOf(parts, GROWTH * count);
    }
    requests[count] = request;
    sequences[count] = sequence;
    parts[count++] = part;
    long bytes = 0;
    for (byte[] argument : request.arguments()) {
      bytes += argument.length + RespLimits.ARGUMENT_OVERHEAD;
    }
    requestBytes += bytes;
    return bytes;
  }

  /** About how much memory all its commands take. */
  long requestBytes() {
    return requestBytes;
  }

  /** On the shard: executes the commands in order. */
  void execute(ShardEngine engine, long nowMillis) {
    for (int i = 0; i < count; i++) {
      replies[i] = engine.execute(request(i), nowMillis);
    }
  }

  /** On the shard: the commands that write are going to be refused, and have been executed. */
  void addTo(Doubts doubts, long position) {
    for (int i = 0; i < count; i++) {
      if (request(i).spec().access().writes()) {
        doubts.add(request(i), position);
      }
    }
  }

  /** On the shard: takes back what was promised to commands that write, or see what is in doubt. */
  void fail(Reply error, Doubts doubts) {
    for (int i = 0; i < count; i++) {
      if (request(i).spec().access().writes() || doubts.concern(request(i))) {
        replies[i] = error;
      }
    }
  }

  /** On the shard: answers without executing. */
  void refuse(Reply error) {
    Arrays.fill(replies, 0, count, error);
  }

  private Request request(int index) {
    Request request = requests[index];
    assert request != null;
    return request;
  }

  /** On the shard: up to where the log must be safe before the answer may leave. */
  long logPosition() {
    return logPosition;
  }

  void waitFor(long position) {
    logPosition = position;
  }

  /** On the shard: sends the replies; the shard must not touch the batch any more. */
  void answer() {
    Arrays.fill(requests, 0, count, null);
    replyTo.tell(this);
  }

  /** On the connection: the size on the wire of the largest reply. */
  long largestReplyBytes() {
    long largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, replies[i].encodedBytes());
    }
    return largest;
  }

  /** On the connection: puts the replies where they belong. */
  void deliver(ReplyQueue queue) {
    for (int i = 0; i < count; i++) {
      queue.complete(sequences[i], parts[i], replies[i]);
    }
  }
}
