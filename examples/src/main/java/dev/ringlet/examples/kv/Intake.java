package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorRef;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connection's commands to the shards: those of one piece of input that go to one
 * shard go as one message. <b>Thread:</b> the connection's.
 *
 * <p>It takes no more while too much is under way: commands, bytes of requests, or bytes of replies
 * that the client does not read. Input that comes nevertheless is kept. How large the replies to
 * commands under way will be is guessed from the latest ones, so that a pipeline of requests for
 * large values does not pile them up here.
 */
final class Intake {
  private static final int MAX_COMMANDS = 256;
  private static final long MAX_REQUEST_BYTES = 1 << 20;
  private static final long HIGH_WATER_BYTES = 4 << 20;

  /** Lets few commands in until the first reply shows how large they are. */
  private static final long FIRST_REPLY_ESTIMATE = HIGH_WATER_BYTES / 8;

  private final Session session;
  private final Output output;
  private final ActorRef<ConnectionMessage> self;
  private final List<ActorRef<ShardMessage>> shards;
  private final RespParser parser;
  private final Router router;
  private final @Nullable ShardBatch[] batches;
  private final ArrayDeque<ByteBuffer> backlog = new ArrayDeque<>(1);
  private int batchesOut;
  private long requestBytes;
  private long replyEstimate = FIRST_REPLY_ESTIMATE;

  Intake(
      Session session,
      Output output,
      ActorRef<ConnectionMessage> self,
      List<ActorRef<ShardMessage>> shards) {
    this.session = session;
    this.output = output;
    this.self = self;
    this.shards = shards;
    this.parser = new RespParser(session.server().config().limits());
    this.router = new Router(session, output.replies(), this::addToBatch);
    this.batches = new ShardBatch[shards.size()];
  }

  /** How many messages to shards are not answered. */
  int batchesOut() {
    return batchesOut;
  }

  /** Whether no input waits here. */
  boolean isEmpty() {
    return backlog.isEmpty();
  }

  /** Whether more input can be executed now. */
  boolean isOpen() {
    int commands = output.replies().size();
    return commands < MAX_COMMANDS
        && requestBytes < MAX_REQUEST_BYTES
        && output.pendingBytes() + commands * replyEstimate < HIGH_WATER_BYTES;
  }

  /** Takes a piece of input, whose memory is only lent. */
  void accept(ByteBuffer bytes) {
    if (backlog.isEmpty()) {
      parse(bytes);
    }
    if (bytes.hasRemaining() && !session.isClosing()) {
      // A copy, since the executor's receive buffers are few and serve everybody.
      backlog.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    }
    tellShards();
  }

  /** Goes on with input that was kept. */
  void resume() {
    if (backlog.isEmpty()) {
      return;
    }
    while (!backlog.isEmpty() && isOpen() && !session.isClosing()) {
      parse(backlog.element());
      if (!backlog.element().hasRemaining()) {
        backlog.remove();
      }
    }
    tellShards();
  }

  /** Forgets input that will not be executed. */
  void clear() {
    backlog.clear();
  }

  void answered(ShardBatch batch) {
    batchesOut--;
    requestBytes -= batch.requestBytes();
    replyEstimate = Math.max(batch.largestReplyBytes(), replyEstimate / 2);
    batch.deliver(output.replies());
  }

  /** Takes commands from the input while there is room for them. */
  private void parse(ByteBuffer bytes) {
    while (isOpen() && !session.isClosing()) {
      switch (parser.parse(bytes)) {
        case NEED_INPUT -> {
          return;
        }
        case COMMAND -> router.route(parser.arguments());
        case TOO_LARGE -> output.replies().add(Replies.error(parser.error()));
        case PROTOCOL_ERROR -> {
          output.replies().add(Replies.error(parser.error()));
          session.close();
        }
      }
    }
  }

  private void addToBatch(int shard, Request request, long sequence, int part) {
    ShardBatch batch = batches[shard];
    if (batch == null) {
      batch = new ShardBatch(self);
      batches[shard] = batch;
    }
    requestBytes += batch.add(request, sequence, part);
  }

  private void tellShards() {
    for (int shard = 0; shard < batches.length; shard++) {
      ShardBatch batch = batches[shard];
      if (batch != null) {
        batches[shard] = null;
        batchesOut++;
        shards.get(shard).tell(batch);
      }
    }
  }
}
