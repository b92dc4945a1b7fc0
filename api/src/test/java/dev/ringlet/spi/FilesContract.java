package dev.ringlet.spi;

import dev.ringlet.io.SocketOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The parts of {@link IoDriverContract} that are about files and names, for a driver whose files
 * are not those of this machine: the directory may be of any file system.
 */
public abstract class FilesContract
    implements FileContract,
        FileRangeContract,
        FileStatContract,
        FileLockContract,
        PathContract,
        FileCloseContract {
  private DriverRig rig;

  /** For subclasses. */
  protected FilesContract() {}

  @Override
  public abstract IoDriverProvider provider();

  @Override
  public abstract Path directory();

  @BeforeEach
  final void open() {
    rig = new DriverRig(provider());
  }

  @AfterEach
  final void finish() {
    rig.finish();
  }

  @Override
  public final DriverRig rig() {
    return rig;
  }

  @Override
  public final Peers peers() {
    throw new UnsupportedOperationException("files have no peers");
  }

  @Override
  public final int option(IoHandle connection, SocketOptions.Option option) throws IOException {
    throw new UnsupportedOperationException("files have no options of sockets");
  }
}
