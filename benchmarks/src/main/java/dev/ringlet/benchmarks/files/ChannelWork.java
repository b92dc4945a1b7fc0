package dev.ringlet.benchmarks.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The peer: threads with a FileChannel, each for itself or behind one thread that asks them. */
final class ChannelWork implements AutoCloseable {
  private static final int ALIGNMENT = 4096;

  private final FileWork.Task task;
  private final AtomicLong count;
  private final FileChannel channel;
  private final long blocks;
  private final AtomicLong next = new AtomicLong();
  private final ThreadLocal<ByteBuffer> buffers = ThreadLocal.withInitial(this::buffer);
  private final ThreadLocal<SplittableRandom> random =
      ThreadLocal.withInitial(SplittableRandom::new);

  private ChannelWork(FileWork.Task task, AtomicLong count) throws IOException {
    this.task = task;
    this.count = count;
    channel = FileChannel.open(task.file(), options());
    blocks = Math.max(1, channel.size() / task.block());
  }

  /** Threads that do one operation after the other. */
  static ChannelWork threads(FileWork.Task task, AtomicLong count) throws IOException {
    ChannelWork work = new ChannelWork(task, count);
    for (int i = 0; i < work.threadCount(); i++) {
      daemon(work::runAlone).start();
    }
    return work;
  }

  /** A thread that gives operations to a pool, and is told of the end of each. */
  static ChannelWork pool(FileWork.Task task, AtomicLong count) throws IOException {
    ChannelWork work = new ChannelWork(task, count);
    ThreadFactory daemons = ChannelWork::daemon;
    Executor pool = Executors.newFixedThreadPool(work.threadCount(), daemons);
    Executor asking = Executors.newSingleThreadExecutor(daemons);
    for (int i = 0; i < task.depth(); i++) {
      asking.execute(() -> work.ask(pool, asking));
    }
    return work;
  }

  private static Thread daemon(Runnable body) {
    Thread thread = new Thread(body, "channel");
    thread.setDaemon(true);
    return thread;
  }

  /** Reads from memory need no more threads than processors. */
  private int threadCount() {
    return task.syncs() ? task.depth() : Math.min(2, task.depth());
  }

  private Set<OpenOption> options() {
    return switch (task.work()) {
      case "direct" -> Set.of(StandardOpenOption.READ, direct());
      case "log", "write" -> Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      case "dsync" ->
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
      default -> Set.of(StandardOpenOption.READ);
    };
  }

  /** By name: javac warns of a use of this package, and here a warning is an error. */
  private static OpenOption direct() {
    try {
      Class<?> home = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) home.getField("DIRECT").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK cannot open a file for direct I/O", e);
    }
  }

  private ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(task.block() + ALIGNMENT).alignedSlice(ALIGNMENT);
  }

  private void runAlone() {
    while (true) {
      once();
      count.incrementAndGet();
    }
  }

  private void ask(Executor pool, Executor asking) {
    pool.execute(
        () -> {
          once();
          asking.execute(
              () -> {
                count.incrementAndGet();
                ask(pool, asking);
              });
        });
  }

  private void once() {
    int block = task.block();
    ByteBuffer buffer = buffers.get().clear().limit(block);
    try {
      switch (task.work()) {
        case "log" -> {
          channel.write(buffer, next.getAndIncrement() * block);
          channel.force(false);
        }
        case "dsync" -> channel.write(buffer, next.getAndIncrement() * block);
        case "write" -> channel.write(buffer, next.getAndIncrement() % blocks * block);
        case "sequential" -> channel.read(buffer, next.getAndIncrement() % blocks * block);
        default -> channel.read(buffer, random.get().nextLong(blocks) * block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
