package dev.ringlet.scheduler;

import dev.ringlet.spi.IoDriverContract;
import dev.ringlet.spi.IoDriverProvider;

final class NioDriverContractTest extends IoDriverContract {
  @Override
  public IoDriverProvider provider() {
    return new NioDriverProvider();
  }
}
