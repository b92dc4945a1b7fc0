package dev.ringlet.scheduler;

import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives a system drivers that a test makes. */
record StubProvider(Function<IoDriverOptions, IoDriver> maker) implements IoDriverProvider {
  @Override
  public String name() {
    return "stub";
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public @Nullable String unavailabilityCause() {
    return null;
  }

  @Override
  public IoDriver create(IoDriverOptions options) {
    return maker.apply(options);
  }
}
