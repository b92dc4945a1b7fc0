package dev.ringlet.testkit.sim;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import java.nio.ByteBuffer;

/** A simulated kernel for the tests of drivers, which are in another package. */
public final class ContractWorld {
  private final SimWorld world;

  /** With nothing but what chance decides. */
  public ContractWorld(long seed) {
    world = new SimWorld(seed, FaultPlan.NONE);
  }

  /** Makes drivers of one machine. */
  public IoDriverProvider drivers() {
    return world.drivers();
  }

  /** Does what comes next, if it comes within the time, or lets the time pass. */
  public boolean step(long withinNanos) {
    long next = world.agenda().nanosToNext();
    if (next <= withinNanos && next != Long.MAX_VALUE) {
      return world.stepToNext();
    }
    if (withinNanos != Long.MAX_VALUE) {
      world.clock().advance(withinNanos);
    }
    return false;
  }

  /** Since the beginning. */
  public long nanos() {
    return world.clock().elapsedNanos();
  }

  /** A file with such a content, which grows when it is written. */
  public static IoHandle file(IoDriver driver, byte[] content) {
    return new MemoryFile((SimDriver) driver, content);
  }

  /** What a file has become. */
  public static byte[] content(IoHandle file) {
    return ((MemoryFile) file).content;
  }

  /** What an option of a connection is set to; as of a kernel where it is not. */
  public static int option(IoHandle connection, SocketOptions.Option option) {
    int otherwise = option == SocketOptions.Option.NO_DELAY ? 1 : 0;
    return ((SimStreamHandle) connection).stream().option(option, otherwise);
  }

  private static final class MemoryFile extends SimHandle implements FileBytes {
    private byte[] content;

    private MemoryFile(SimDriver driver, byte[] content) {
      super(driver);
      this.content = content;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      if (position >= content.length) {
        return 0;
      }
      int count = Math.min(target.remaining(), content.length - (int) position);
      target.put(content, (int) position, count);
      return count;
    }

    @Override
    public int write(long position, ByteBuffer source) {
      int count = source.remaining();
      int end = (int) position + count;
      if (end > content.length) {
        content = java.util.Arrays.copyOf(content, end);
      }
      source.get(content, (int) position, count);
      return count;
    }

    @Override
    void execute(SimOperation operation) {
      throw new AssertionError(operation + " of a file that is only sent and received");
    }

    @Override
    void release(boolean reset) {
      content = content.clone();
    }
  }
}
