package dev.ringlet.spi;

import dev.ringlet.io.SocketOptions;
import java.io.IOException;
import java.nio.file.Path;

/** What the parts of {@link IoDriverContract} get: a fresh driver for each test. */
interface DriverContractPart {
  /** The driver under test; it is checked and closed after the test. */
  DriverRig rig();

  /** Sockets of the other side, closed after the test. */
  Peers peers();

  /** An empty directory. */
  Path directory();

  /** What the kernel says that an option of a connection is set to. */
  int option(IoHandle connection, SocketOptions.Option option) throws IOException;

  /** Makes further drivers. */
  IoDriverProvider provider();
}
