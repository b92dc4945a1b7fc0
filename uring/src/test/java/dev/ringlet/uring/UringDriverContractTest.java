package dev.ringlet.uring;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.DescriptorContract;
import dev.ringlet.spi.IoDriverContract;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.UnixDatagramContract;
import org.junit.jupiter.api.Timeout;

/** What every driver must do, and what the JDK's cannot, on the real ring. */
@Timeout(120)
class UringDriverContractTest extends IoDriverContract
    implements DescriptorContract, UnixDatagramContract {
  @Override
  public IoDriverProvider provider() {
    return new UringDriverProvider();
  }

  @Override
  public int option(IoHandle connection, SocketOptions.Option option) {
    return Syscalls.option(((UringHandle) connection).fd, option);
  }
}
