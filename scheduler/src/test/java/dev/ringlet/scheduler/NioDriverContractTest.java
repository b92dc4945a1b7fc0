package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.IoDriverContract;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.RefusalContract;
import java.io.IOException;

final class NioDriverContractTest extends IoDriverContract implements RefusalContract {
  @Override
  public IoDriverProvider provider() {
    return new NioDriverProvider();
  }

  @Override
  public int option(IoHandle connection, SocketOptions.Option option) throws IOException {
    return ((NioConnection) connection).option(option);
  }
}
