package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * All the logic of the server without actors, sockets and files: what is asked is answered at once.
 */
final class InMemoryServer {
  static final long START = 1_700_000_000_000L;

  private final List<ShardEngine> shards = new ArrayList<>();
  private final ReplyQueue replies = new ReplyQueue();
  private final Session session;
  private final Router router;
  private final RespParser parser;
  private long nowMillis = START;

  InMemoryServer(int shardCount) {
    this(shardCount, RespLimits.defaults(), Long.MAX_VALUE);
  }

  InMemoryServer(int shardCount, RespLimits limits, long maxMemoryBytes) {
    KvConfig config =
        new KvConfig(
            "127.0.0.1",
            6379,
            shardCount,
            Path.of("data"),
            FsyncPolicy.EVERYSEC,
            CompactionSettings.defaults(),
            limits,
            1 << 20,
            maxMemoryBytes,
            100,
            new Surroundings(() -> Instant.ofEpochMilli(nowMillis), () -> 1));
    for (int i = 0; i < shardCount; i++) {
      shards.add(new ShardEngine(new KeySpace(limits.valueBytes()), maxMemoryBytes));
    }
    ServerInfo server = new ServerInfo(config, "none", START, new ClientRegistry());
    session = new Session(server, "127.0.0.1:1");
    server.clients().add(session);
    parser = new RespParser(limits);
    router =
        new Router(
            session,
            replies,
            (shard, request, sequence, part) ->
                replies.complete(sequence, part, shards.get(shard).execute(request, nowMillis)));
  }

  Session session() {
    return session;
  }

  KeySpace keys(int shard) {
    return shards.get(shard).keys();
  }

  void advance(long millis) {
    nowMillis += millis;
  }

  /** The reply to words without blanks, as it goes over the wire. */
  String run(String command) {
    return run(command.isEmpty() ? new String[0] : command.split(" ", -1));
  }

  String run(String... words) {
    byte[][] arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = Ascii.bytes(words[i]);
    }
    router.route(arguments);
    return text(Objects.requireNonNull(replies.poll()));
  }

  /** The replies to a stream of requests, as they go over the wire. */
  String stream(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input);
    StringBuilder output = new StringBuilder();
    for (; ; ) {
      switch (parser.parse(bytes)) {
        case NEED_INPUT -> {
          return output.toString();
        }
        case COMMAND -> router.route(parser.arguments());
        case TOO_LARGE -> replies.add(Replies.error(parser.error()));
        case PROTOCOL_ERROR -> {
          return output.append('-').append(parser.error()).append("\r\n").toString();
        }
      }
      output.append(text(Objects.requireNonNull(replies.poll())));
    }
  }

  static String text(Reply reply) {
    ByteBuffer bytes = ByteBuffer.allocate((int) reply.encodedBytes());
    ReplyEncoder encoder = new ReplyEncoder();
    encoder.start(reply);
    if (!encoder.encode(bytes) || bytes.hasRemaining()) {
      throw new AssertionError("the encoded size is wrong");
    }
    return Ascii.text(bytes.array());
  }

  static byte[] request(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return Ascii.bytes(request.toString());
  }
}
