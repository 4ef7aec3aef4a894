// Classifies a peer's address: on this machine, or on a network closed to strangers.

import net from 'node:net';

type Subnet = readonly [address: string, prefix: number];

const LOOPBACK: readonly Subnet[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];

/** Private use, shared (carrier and Kubernetes networks) and link-local. */
const PRIVATE: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['fc00::', 7],
  ['fe80::', 10],
];

export const isLoopback = within(LOOPBACK);

/** On loopback as well. */
export const isPrivateAddress = within([...LOOPBACK, ...PRIVATE]);

/** An IPv4-mapped address matches as the IPv4 address inside. The first call makes the list. */
function within(subnets: readonly Subnet[]): (address: string | undefined) => boolean {
  let list: net.BlockList | undefined;
  return (address) => {
    const bare = address?.replace(/%.*$/, '') ?? '';
    list ??= listOf(subnets);
    return net.isIP(bare) !== 0 && list.check(bare, family(bare));
  };
}

function listOf(subnets: readonly Subnet[]): net.BlockList {
  const list = new net.BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, family(address));
  return list;
}

const family = (address: string): 'ipv4' | 'ipv6' => (net.isIP(address) === 6 ? 'ipv6' : 'ipv4');
