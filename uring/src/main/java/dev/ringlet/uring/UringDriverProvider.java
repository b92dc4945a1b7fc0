package dev.ringlet.uring;

import dev.ringlet.spi.DriverFeature;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes io_uring drivers; found by {@link java.util.ServiceLoader}. Needs Linux 6.0 or newer that
 * allows io_uring, on x86-64 or aarch64. <b>Thread:</b> any thread.
 */
public final class UringDriverProvider implements IoDriverProvider {
  private static final int PRIORITY = 100;

  /** For {@link java.util.ServiceLoader}. */
  public UringDriverProvider() {}

  @Override
  public String name() {
    return UringDriver.NAME;
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public @Nullable String unavailabilityCause() {
    return UringProbe.result().unavailabilityCause();
  }

  @Override
  public List<DriverFeature> features() {
    return KernelFeature.all(UringProbe.result().capabilities());
  }

  @Override
  public IoDriver create(IoDriverOptions options) {
    return UringDriver.open(options, UringProbe.result().require());
  }
}
