package dev.ringlet.spi;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.testkit.sim.ContractWorld;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the contract of drivers says about sockets, of simulated ones: all of it but what uses the
 * machine's own sockets, files or descriptors, which those that are overridden here do.
 */
@Timeout(120)
final class SimSocketsContractTest
    implements AcceptContract,
        ConnectContract,
        SocketOptionsContract,
        ReceiveContract,
        PeekContract,
        StarvationContract,
        SendVectorContract,
        PipeContract,
        ZeroCopyContract,
        SocketCloseContract,
        DatagramContract,
        UnixDatagramContract,
        HandOffContract,
        SinkContract,
        PollContract,
        DriverCloseContract {
  private final SimTurns turns = new SimTurns();
  private final SimTurnsProvider provider = new SimTurnsProvider(turns, turns.world().drivers());
  private DriverRig rig;
  private Peers peers;

  @TempDir Path directory;

  @BeforeEach
  void open() throws IOException {
    turns.begin();
    rig = new DriverRig(provider);
    peers = new Peers(rig, new SimPeerNetwork(turns));
  }

  @AfterEach
  void finish() throws IOException {
    try {
      rig.finish();
    } finally {
      peers.close();
      turns.end();
    }
  }

  @Override
  public DriverRig rig() {
    return rig;
  }

  @Override
  public Peers peers() {
    return peers;
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public int option(IoHandle connection, SocketOptions.Option option) {
    return ContractWorld.option(connection, option);
  }

  @Override
  public IoDriverProvider provider() {
    return provider;
  }

  @Override
  public IoHandle source(byte[] content) {
    return ContractWorld.file(((SimTurnsDriver) rig.driver).driver(), content);
  }

  // ---- no tests here: what needs the machine's sockets, files or descriptors

  @Override
  public void aFileHasNoAddress() {}

  @Override
  public void aShortageOfDescriptorsEndsTheAcceptAndPasses() {}

  @Override
  public void connectsOverIpv6() {}

  @Override
  public void noEndIsLostInAStorm() {}

  @Override
  public void aReleaseOnAnotherThreadWakesTheOwner() {}

  @Override
  public void aReleaseThatMeetsACancelLosesNoBuffer() {}

  @Override
  public void whatIsWrongWithAFileIsTold() {}

  @Override
  public void whatComesThroughAPipeGoesToAFile() {}

  @Override
  public void whatWaitsForAPipeForAFileIsEnded() {}

  @Override
  public void aStandardStreamStaysOpenWhenItsHandleIsClosed() {}

  @Override
  public void theJdkIsUnderstood() {}

  @Override
  public void nobodyAtAnAddressIsTold() {}

  @Override
  public void bytesOutsideOfTheBufferAreRefused() {}

  @Override
  public void closesWithEverythingInFlight() {}
}
