package dev.ringlet.spi;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.testkit.sim.ContractWorld;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the contract of drivers says about sockets, of simulated ones: all of it but what needs
 * sockets, threads or descriptors of the machine, as the tests do that are overridden here.
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
        UnixContract,
        UnixDatagramContract,
        DescriptorContract,
        HandOffContract,
        CancelContract,
        SinkContract,
        PollContract,
        DriverCloseContract {
  private final SimTurns turns = new SimTurns();
  private final SimTurnsProvider provider = new SimTurnsProvider(turns, turns.world().drivers());
  private final Path directory = turns.world().directory();
  private DriverRig rig;
  private Peers peers;

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
  public boolean memoryIsDirect() {
    return false;
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

  // ---- no tests here: what needs sockets, threads or descriptors of the machine, has requests
  // executed in their order, or passes a listener

  @Override
  public void aFullBacklogOfAUnixListenerHoldsConnectsBack() {}

  @Override
  public void aListenerIsNoConnection() {}

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
  public void theJdkIsUnderstood() {}

  @Override
  public void aUnixSocketConnectsToOthersOfTheMachine() {}

  @Override
  public void connectionsOfAUnixListenerHaveItsBufferSizes() {}

  @Override
  public void aUnixListenerAcceptsUntilItIsClosed() {}

  @Override
  public void whatNobodyReceivesIsClosed() {}

  @Override
  public void aReceiveOfDescriptorsIsCancelled() {}

  @Override
  public void aSendOfADescriptorThatIsCancelledLeavesNothingOpen() {}
}
