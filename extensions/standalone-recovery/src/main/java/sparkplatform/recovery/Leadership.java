package sparkplatform.recovery;

import java.time.Duration;

/**
 * Until when this master may act as the leader. It is asked before every write.
 *
 * <p>Time is that of the machine's steady clock; wall clocks of two nodes may differ by any amount.
 */
final class Leadership {
    private volatile boolean held;
    private volatile long until;

    /** @param since Steady time before the renewal was sent: what came later than that cannot be relied on. */
    void renew(long since, Duration term) {
        until = since + term.toNanos();
        held = true;
    }

    void end() {
        held = false;
    }

    boolean holds() {
        return held && System.nanoTime() - until < 0;
    }

    /** Whether this master was the leader, has not been told otherwise, and is out of time. */
    boolean isOverdue() {
        return held && System.nanoTime() - until >= 0;
    }
}
