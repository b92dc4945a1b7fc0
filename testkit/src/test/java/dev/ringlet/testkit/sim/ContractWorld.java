package dev.ringlet.testkit.sim;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /** A directory for a test. */
  public Path directory() {
    try {
      return Files.createDirectory(world.path("/test"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an option of a connection is set to; as of a kernel where it is not. */
  public static int option(IoHandle connection, SocketOptions.Option option) {
    int otherwise = option == SocketOptions.Option.NO_DELAY ? 1 : 0;
    return ((SimStreamHandle) connection).stream().option(option, otherwise);
  }
}
