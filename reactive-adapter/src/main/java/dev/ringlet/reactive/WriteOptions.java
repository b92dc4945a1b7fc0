package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.IoBuffer;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the elements of a stream are written to an output: how they become bytes, how many are on
 * their way, and what becomes of the output at the end. Immutable: each {@code with} method returns
 * a changed copy.
 *
 * <p>On its way is an element from the request to the upstream until the output has taken it. It is
 * bounded by number and by bytes: as many are asked for as have room if they are as large as those
 * of the last write, at first one. More is asked for when half of that is written.
 *
 * @param <T> the type of the elements
 */
public final class WriteOptions<T> {
  /** The largest number of elements on their way. */
  public static final int MAX_AHEAD = DemandOptions.MAX_AHEAD;

  /** What arrives on connections is scarce, see {@code ExecutorPool.withReceiveBuffers}. */
  private static final int BUFFERS_AHEAD = 16;

  private static final int ELEMENTS_AHEAD = 256;
  private static final int DEFAULT_BYTES = 1 << 20;

  /** What becomes of the output at the end of the stream. */
  public enum End {
    /** It stays open. A file is synced if the stream has ended regularly. */
    LEAVE_OPEN,

    /**
     * The output of a connection or pipe is ended as {@link
     * dev.ringlet.io.StreamOutput#shutdownOutput} does if the stream has ended regularly, or else
     * left open: it is for the owner of the connection to say how it goes on. Files have no such
     * end.
     */
    SHUT_DOWN,

    /**
     * It is closed, however the stream has ended. A TCP connection is reset if that was not
     * regularly, so that the peer does not take what it has got for all. A cancel closes at once,
     * which ends a send that is under way; what a file's output has accepted is written.
     */
    CLOSE
  }

  private final @Nullable Encoder<T> encoder;
  private final int ahead;
  private final int maxBytes;
  private final @Nullable End end;
  private final Consumer<? super T> discard;
  private final ActorOptions actor;

  private WriteOptions(
      @Nullable Encoder<T> encoder,
      int ahead,
      int maxBytes,
      @Nullable End end,
      Consumer<? super T> discard,
      ActorOptions actor) {
    this.encoder = encoder;
    this.ahead = ahead;
    this.maxBytes = maxBytes;
    this.end = end;
    this.discard = discard;
    this.actor = actor;
  }

  /**
   * Writes the readable bytes of buffers, without a copy; up to 16 are on their way. They may come
   * from any thread and from any executor of the system, and go over to the subscriber, which
   * releases each of them, written or not.
   *
   * @return the options
   */
  public static WriteOptions<IoBuffer> buffers() {
    return new WriteOptions<>(
        null, BUFFERS_AHEAD, DEFAULT_BYTES, null, IoBuffer::release, ActorOptions.defaults());
  }

  /**
   * Writes arrays, as {@link #encoded} does.
   *
   * @return the options
   */
  public static WriteOptions<byte[]> arrays() {
    return encoded(array -> array.length, (array, buffer) -> buffer.write(array));
  }

  /**
   * Writes the remaining bytes of byte buffers, as {@link #encoded} does; their positions stay.
   *
   * @return the options
   */
  public static WriteOptions<ByteBuffer> byteBuffers() {
    return encoded(ByteBuffer::remaining, (source, buffer) -> buffer.write(source.duplicate()));
  }

  /**
   * Writes what a function makes of the elements; up to 256 are on their way. It writes into
   * buffers of the executor that have room for those elements that wait, up to 64 KiB together or
   * else for one. While the executor has no memory for buffers the stream waits.
   *
   * <pre>{@code
   * WriteOptions<String> lines =
   *     WriteOptions.encoded(
   *         line -> 3 * line.length() + 1,
   *         (line, buffer) -> buffer.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
   * }</pre>
   *
   * @param room how many bytes an element becomes at most, zero or more; called on the executor
   * @param encoder writes the element into the buffer behind what is there already, and keeps
   *     neither; called on the executor. What the element owns is the encoder's to give back; if it
   *     throws, the discard hook gets the element, and the stream fails
   * @param <T> the type of the elements
   * @return the options; elements that are not written are dropped
   */
  public static <T> WriteOptions<T> encoded(
      ToIntFunction<? super T> room, BiConsumer<? super T, ? super IoBuffer> encoder) {
    return new WriteOptions<>(
        new Encoder<>(
            Objects.requireNonNull(room, "room"), Objects.requireNonNull(encoder, "encoder")),
        ELEMENTS_AHEAD,
        DEFAULT_BYTES,
        null,
        element -> {},
        ActorOptions.defaults());
  }

  /**
   * Limits how many elements are on their way.
   *
   * @param elements 1 to 65536; room for as many is taken for each subscription. More hides a
   *     longer way to the upstream
   * @return the changed copy
   */
  public WriteOptions<T> withAhead(int elements) {
    if (elements < 1 || elements > MAX_AHEAD) {
      throw new IllegalArgumentException("elements: " + elements + "; give 1 to " + MAX_AHEAD);
    }
    return new WriteOptions<>(encoder, elements, maxBytes, end, discard, actor);
  }

  /**
   * Limits how many bytes are on their way, as far as the last write tells of those to come; one
   * element may always be.
   *
   * @param bytes 1 or more, default 1 MiB; more hides a longer way to the upstream
   * @return the changed copy
   */
  public WriteOptions<T> withMaxBytes(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: " + bytes + "; give 1 or more");
    }
    return new WriteOptions<>(encoder, ahead, bytes, end, discard, actor);
  }

  /**
   * Says what becomes of the output at the end of the stream.
   *
   * @param what by default {@link End#LEAVE_OPEN} for connections and pipes, {@link End#CLOSE} for
   *     files
   * @return the changed copy
   */
  public WriteOptions<T> withEnd(End what) {
    return new WriteOptions<>(
        encoder, ahead, maxBytes, Objects.requireNonNull(what, "what"), discard, actor);
  }

  /**
   * Says how an element is given back that is not written; a buffer is released by default.
   *
   * @param hook called once for each such element, on the executor or on the upstream's thread;
   *     must not block; what it throws is logged
   * @return the changed copy
   */
  public WriteOptions<T> withDiscard(Consumer<? super T> hook) {
    return new WriteOptions<>(
        encoder, ahead, maxBytes, end, Objects.requireNonNull(hook, "hook"), actor);
  }

  /**
   * Says how the actor of a subscription is spawned: its name, which gets a number for each, and
   * its priority class. Executor, supervision and mailbox are not looked at.
   *
   * @param options the options
   * @return the changed copy
   */
  public WriteOptions<T> withActor(ActorOptions options) {
    return new WriteOptions<>(
        encoder, ahead, maxBytes, end, discard, Objects.requireNonNull(options, "options"));
  }

  /**
   * How many elements are on their way at most.
   *
   * @return 1 to 65536
   */
  public int ahead() {
    return ahead;
  }

  /**
   * How many bytes are on their way at most, see {@link #withMaxBytes}.
   *
   * @return 1 or more
   */
  public int maxBytes() {
    return maxBytes;
  }

  End endOr(End byDefault) {
    return end != null ? end : byDefault;
  }

  /** A batch leaves room for as much again, which is under way to it while it is written. */
  @SuppressWarnings("unchecked") // without an encoder the elements are buffers
  Batch<T> batch(int maxBuffers, Inlet<T> inlet) {
    int elements = Math.max(1, ahead / 2);
    int bytes = Math.max(1, maxBytes / 2);
    return encoder != null
        ? new EncodedBatch<>(encoder, inlet, elements, bytes)
        : (Batch<T>)
            new BufferBatch((Inlet<IoBuffer>) inlet, Math.min(elements, maxBuffers), bytes);
  }

  Discard<T> discard() {
    return new Discard<>(discard);
  }

  ActorOptions actor() {
    return actor;
  }

  /** How elements become bytes. */
  record Encoder<T>(ToIntFunction<? super T> room, BiConsumer<? super T, ? super IoBuffer> write) {}
}
