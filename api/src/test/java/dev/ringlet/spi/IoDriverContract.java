package dev.ringlet.spi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.SocketOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link IoDriver} must do; each driver has a small subclass that names its provider and
 * takes, of {@link DescriptorContract}, {@link UnixDatagramContract} and {@link RefusalContract},
 * what it must do besides. The tests stand in the parts, by subject. The test's thread owns the
 * driver. After each test nothing may be in flight, no buffer lent, and nothing open.
 */
public abstract class IoDriverContract
    implements FileContract,
        FileRangeContract,
        FileStatContract,
        FileLockContract,
        PathContract,
        FileCloseContract,
        ListenContract,
        AcceptContract,
        ConnectContract,
        SocketOptionsContract,
        ReceiveContract,
        PeekContract,
        StarvationContract,
        SendContract,
        SendVectorContract,
        SendFileContract,
        PipeContract,
        ZeroCopyContract,
        SocketCloseContract,
        UnixContract,
        DatagramContract,
        HandOffContract,
        DelayContract,
        CancelContract,
        SinkContract,
        PollContract,
        ParkContract,
        DriverCloseContract {
  private List<String> openBefore;
  private DriverRig rig;
  private Peers peers;

  @TempDir Path directory;

  /** For subclasses. */
  protected IoDriverContract() {}

  @Override
  public abstract IoDriverProvider provider();

  @Override
  public abstract int option(IoHandle connection, SocketOptions.Option option) throws IOException;

  @BeforeEach
  final void open() throws IOException {
    String cause = provider().unavailabilityCause();
    assumeTrue(cause == null, cause);
    openBefore = OpenFiles.list();
    rig = new DriverRig(provider());
    peers = new Peers(rig);
  }

  @AfterEach
  final void finish() throws IOException {
    if (rig == null) {
      return;
    }
    try {
      rig.finish();
    } finally {
      peers.close();
    }
    OpenFiles.awaitNoneSince(openBefore);
  }

  @Override
  public final DriverRig rig() {
    return rig;
  }

  @Override
  public final Peers peers() {
    return peers;
  }

  @Override
  public final Path directory() {
    return directory;
  }
}
