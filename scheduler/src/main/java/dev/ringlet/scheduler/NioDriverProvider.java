package dev.ringlet.scheduler;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.io.IOException;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** Makes {@link NioDriver}s; works wherever Java does. <b>Thread:</b> any thread. */
public final class NioDriverProvider implements IoDriverProvider {
  /** For {@link java.util.ServiceLoader}. */
  public NioDriverProvider() {}

  @Override
  public String name() {
    return NioDriver.NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public @Nullable String unavailabilityCause() {
    try {
      Selector.open().close();
      return null;
    } catch (IOException e) {
      return cause(e);
    }
  }

  @Override
  public IoDriver create(IoDriverOptions options) {
    return open(options);
  }

  static NioDriver open(IoDriverOptions options) {
    try {
      return new NioDriver(options, Selector.open());
    } catch (IOException e) {
      throw new RingletException(cause(e), e);
    }
  }

  private static String cause(IOException failure) {
    return "no selector can be opened: "
        + NioErrno.describe(failure)
        + "; check the limit of open files (ulimit -n)";
  }
}
