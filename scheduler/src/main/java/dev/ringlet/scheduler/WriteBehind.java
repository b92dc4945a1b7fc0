package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file in order. Owner executor only, but for making operations.
 *
 * <pre>
 * begun write or sync    waits in {@link #waiting}, in the order of the starts
 * accepted bytes         are gathered in {@link #filling}, or are a block of their own
 * block                  waits in {@link #sealed}, then is written and stands in {@link #blocks}
 * {@link #written}       the end of the blocks that are written without a gap
 * sync                   waits in {@link #syncs} until that has come to its position
 * </pre>
 */
final class WriteBehind implements FileOutput {
  /** What is accepted is copied in one go, beside the limit of the buffers if need be. */
  private static final int MAX_COPIED = 1 << 20;

  private final CoreExecutor executor;
  private final DriverFile file;
  private final OutputOptions options;
  private final ArrayDeque<OutputOperation<?>> waiting = new ArrayDeque<>();
  private final ArrayDeque<OutputOperation.Sync> syncs = new ArrayDeque<>();
  private final List<OutputOperation.Close> closes = new ArrayList<>();
  private final ArrayDeque<Block> sealed = new ArrayDeque<>();
  private final ArrayDeque<Block> blocks = new ArrayDeque<>();
  private @Nullable IoBuffer filling;

  /** The class of whoever has written last. */
  private @Nullable TaskQueue payer;

  private long position;
  private long written;

  /** Everything before it is durable; -1 until the first sync. */
  private long synced = -1;

  private int inFlight;
  private boolean syncing;
  private boolean closing;
  private boolean closeStarted;
  private boolean closed;
  private boolean goingOn;
  private @Nullable IoException failure;

  WriteBehind(CoreExecutor executor, DriverFile file, OutputOptions options) {
    this.executor = executor;
    this.file = file;
    this.options = options;
    this.position = options.from();
    this.written = options.from();
  }

  CoreExecutor executor() {
    return executor;
  }

  @Override
  public AsyncFile file() {
    return file;
  }

  @Override
  public IoOp<Void> write(IoBuffer buffer) {
    return new OutputOperation.Write(this, buffer, null);
  }

  @Override
  public IoOp<Void> write(byte[] bytes) {
    int most = Math.max(options.maxBehind(), MAX_COPIED);
    if (bytes.length > most) {
      throw new IllegalArgumentException(
          "bytes: "
              + bytes.length
              + " at once; write them in pieces of at most "
              + most
              + ", or raise OutputOptions.withMaxBehind");
    }
    return new OutputOperation.Write(this, null, bytes);
  }

  @Override
  public IoOp<Long> sync() {
    return new OutputOperation.Sync(this);
  }

  @Override
  public IoOp<Long> close() {
    return new OutputOperation.Close(this);
  }

  @Override
  public long position() {
    executor.checkCurrent("FileOutput.position");
    return position;
  }

  @Override
  public long writtenPosition() {
    executor.checkCurrent("FileOutput.writtenPosition");
    return written;
  }

  // ---- for the operations

  /** Takes its place behind those that were started before. */
  void begin(OutputOperation<?> operation) {
    if (closing) {
      operation.complete(-Errno.EBADF, null);
      return;
    }
    operation.queued = true;
    payer = executor.queueOfCaller();
    waiting.add(operation);
    goOn();
  }

  void begin(OutputOperation.Close close) {
    if (closed) {
      settle(close);
      return;
    }
    closing = true;
    closes.add(close);
    goOn();
  }

  /** It has ended; if it still waits, it was cancelled and leaves its place. */
  void leave(OutputOperation<?> operation) {
    if (operation.queued) {
      operation.queued = false;
      waiting.remove(operation);
      goOn();
    }
  }

  void leave(OutputOperation.Sync sync) {
    leave((OutputOperation<?>) sync);
    if (syncs.remove(sync)) {
      goOn();
    }
  }

  /** The file is closed all the same. */
  void leave(OutputOperation.Close close) {
    closes.remove(close);
  }

  private boolean mayAccept() {
    return failure != null || position - written < options.maxBehind();
  }

  /** Accepts bytes; the buffer goes over. A large one is written as it is. */
  void accept(IoBuffer buffer) {
    int length = buffer.readableBytes();
    if (length == 0) {
      buffer.release();
      return;
    }
    if (length < options.bufferBytes() / 2) {
      accept(buffer.readable());
      buffer.release();
      return;
    }
    seal();
    sealed.add(new Block(buffer, position, length));
    position += length;
  }

  /** Accepts bytes, which are copied. */
  void accept(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      IoBuffer target = filling;
      if (target == null) {
        target = executor.buffers().acquireOrAllocate(options.bufferBytes(), this);
        filling = target;
      }
      int room = options.bufferBytes() - target.readableBytes();
      int length = Math.min(room, bytes.remaining());
      target.write(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      position += length;
      if (length == room) {
        seal();
      }
    }
  }

  /** Its turn has come: everything before it was accepted. */
  void accept(OutputOperation.Sync sync) {
    seal();
    sync.target = position;
    syncs.add(sync);
  }

  // ---- what goes on by itself

  /** What was gathered is a block now. */
  private void seal() {
    IoBuffer full = filling;
    if (full != null) {
      filling = null;
      sealed.add(new Block(full, position - full.readableBytes(), full.readableBytes()));
    }
  }

  /** Does what has become possible; what ends meanwhile comes back here and finds it at work. */
  private void goOn() {
    if (goingOn) {
      return;
    }
    goingOn = true;
    try {
      boolean progress = true;
      while (progress) {
        // Each has its turn, whatever the others have found to do.
        progress = acceptNext();
        progress |= writeNext();
        progress |= settleSyncs();
        progress |= startSync();
        progress |= startClose();
      }
    } finally {
      goingOn = false;
    }
  }

  private boolean acceptNext() {
    OutputOperation<?> first = waiting.peek();
    if (first == null || !mayAccept()) {
      return false;
    }
    waiting.remove();
    first.queued = false;
    IoException reason = failure;
    if (reason != null) {
      first.complete(-reason.errno(), reason);
    } else {
      acceptOrFail(first);
    }
    return true;
  }

  private void acceptOrFail(OutputOperation<?> operation) {
    try {
      operation.accepted();
    } catch (RuntimeException refused) {
      int errno = refused instanceof BufferMemoryException ? Errno.ENOMEM : Errno.EINVAL;
      IoException reason = new IoException("write", file.toString(), errno, refused);
      fail(reason);
      operation.complete(-errno, reason);
    }
  }

  private boolean writeNext() {
    if (failure != null || inFlight == options.concurrency()) {
      return false;
    }
    boolean gathersMore = !waiting.isEmpty() && mayAccept();
    if (sealed.isEmpty() && inFlight == 0 && !gathersMore) {
      seal();
    }
    Block next = sealed.poll();
    if (next == null) {
      return false;
    }
    inFlight++;
    blocks.add(next);
    next.start();
    return true;
  }

  private void blockEnded(Block block, @Nullable IoException reason) {
    inFlight--;
    if (reason != null) {
      fail(reason);
    } else {
      block.done = true;
      for (Block first = blocks.peek(); first != null && first.done; first = blocks.peek()) {
        written = first.end();
        blocks.remove();
      }
    }
    goOn();
  }

  /** The first failure stays; what was not given to the kernel yet never is. */
  private void fail(IoException reason) {
    if (failure != null) {
      return;
    }
    failure = reason;
    seal();
    sealed.forEach(Block::drop);
    sealed.clear();
  }

  private boolean settleSyncs() {
    OutputOperation.Sync first = syncs.peek();
    if (first == null || (failure == null && first.target > synced)) {
      return false;
    }
    syncs.remove();
    IoException reason = failure;
    first.complete(reason == null ? 0 : -reason.errno(), reason == null ? synced : reason);
    return true;
  }

  private boolean startSync() {
    if (syncing || failure != null || !wantsSync()) {
      return false;
    }
    syncing = true;
    long covered = written;
    DiskOperation<Void> sync = (DiskOperation<Void>) file.dataSync();
    TaskQueue queue = payer;
    if (queue != null) {
      sync.chargeTo(queue);
    }
    sync.then(ended -> syncEnded(covered, ended.failure()));
    return true;
  }

  private boolean wantsSync() {
    OutputOperation.Sync first = syncs.peek();
    if (first != null) {
      return first.target <= written;
    }
    return options.syncOnClose() && isReadyToClose() && synced < position;
  }

  private void syncEnded(long covered, @Nullable IoException reason) {
    syncing = false;
    if (reason != null) {
      fail(reason);
    } else {
      synced = covered;
    }
    goOn();
  }

  /** Nothing is left to be written. */
  private boolean isReadyToClose() {
    boolean all = failure != null || written == position;
    return closing && !closeStarted && waiting.isEmpty() && inFlight == 0 && all;
  }

  private boolean startClose() {
    boolean durable = failure != null || !options.syncOnClose() || synced >= position;
    if (!isReadyToClose() || syncing || !durable || !syncs.isEmpty()) {
      return false;
    }
    closeStarted = true;
    ((Operation<Void>) file.close()).then(close -> closeEnded(close.failure()));
    return true;
  }

  private void closeEnded(@Nullable IoException reason) {
    closed = true;
    if (reason != null) {
      fail(reason);
    }
    for (OutputOperation.Close close : List.copyOf(closes)) {
      settle(close);
    }
  }

  private void settle(OutputOperation.Close close) {
    IoException reason = failure;
    close.complete(reason == null ? 0 : -reason.errno(), reason == null ? position : reason);
  }

  /** Bytes that are written by one operation. */
  private final class Block extends Operation.Receiver<Integer> {
    private final IoBuffer buffer;
    private final long from;
    private final int length;
    private boolean done;

    Block(IoBuffer buffer, long from, int length) {
      this.buffer = buffer;
      this.from = from;
      this.length = length;
    }

    long end() {
      return from + length;
    }

    void start() {
      DiskOperation<Integer> write;
      try {
        write = (DiskOperation<Integer>) file.write(from, buffer);
      } catch (RuntimeException refused) {
        drop();
        blockEnded(this, new IoException("write", file.toString(), Errno.EINVAL, refused));
        return;
      }
      TaskQueue queue = payer;
      if (queue != null) {
        write.chargeTo(queue);
      }
      write.startFor(this);
    }

    @Override
    void outcome(Operation<Integer> op) {
      blockEnded(this, op.failure());
    }

    void drop() {
      if (!buffer.isReleased()) {
        buffer.release();
      }
    }
  }
}
