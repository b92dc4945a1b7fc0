package dev.ringlet.benchmarks.files;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The peer: threads with a FileChannel. */
final class ChannelWork implements AutoCloseable {
  private final FileWork.Task task;
  private final AtomicLong count;
  private final FileChannel channel;
  private final AtomicLong next = new AtomicLong();

  private ChannelWork(FileWork.Task task, AtomicLong count) {
    this.task = task;
    this.count = count;
    try {
      channel = FileChannel.open(task.file(), options());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChannelWork start(FileWork.Task task, AtomicLong count) {
    ChannelWork work = new ChannelWork(task, count);
    boolean log = task.work().equals("log");
    int threads = log ? task.depth() : Math.min(2, task.depth());
    for (int i = 0; i < threads; i++) {
      long seed = i;
      Thread thread = new Thread(() -> work.run(seed), "channel-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    return work;
  }

  private Set<OpenOption> options() {
    return switch (task.work()) {
      case "direct" -> Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
      case "log", "write" -> Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      default -> Set.of(StandardOpenOption.READ);
    };
  }

  private void run(long seed) {
    int block = task.block();
    ByteBuffer buffer = ByteBuffer.allocateDirect(block + 4096).alignedSlice(4096).limit(block);
    SplittableRandom random = new SplittableRandom(seed);
    try {
      long blocks = Math.max(1, channel.size() / block);
      boolean writes = task.work().equals("log") || task.work().equals("write");
      boolean inOrder = writes || task.work().equals("sequential");
      while (true) {
        buffer.clear().limit(block);
        long at = inOrder ? next.getAndIncrement() : random.nextLong(blocks);
        if (writes) {
          channel.write(buffer, (task.work().equals("log") ? at : at % (1 << 13)) * block);
        } else {
          channel.read(buffer, at % blocks * block);
        }
        if (task.work().equals("log")) {
          channel.force(false);
        }
        count.incrementAndGet();
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
