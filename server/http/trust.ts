import net from 'node:net';

/**
 * Reads a list of peers that are trusted: addresses, CIDRs, and `unix` for those that come over a
 * unix socket. Gives what tells whether an address (empty for a unix socket) is among them; throws
 * an error that names a member that is none of these.
 */
export function createTrust(list: readonly string[]): (address: string) => boolean {
  const blocks = new net.BlockList();
  const members = new Set(list);
  const trustsUnix = members.delete('unix');
  for (const member of members) add(blocks, member);
  const isEmpty = members.size === 0;
  return (address) => {
    if (address === '') return trustsUnix;
    if (isEmpty) return false;
    return blocks.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

function add(blocks: net.BlockList, member: string): void {
  const [address = '', bits, ...more] = member.split('/');
  const version = net.isIP(address);
  const most = version === 6 ? 128 : 32;
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  if (version === 0 || !isLength || more.length > 0) {
    throw new Error(
      `'${member}' is no address to trust: write an IP address, a CIDR such as 10.0.0.0/8, or unix`,
    );
  }
  blocks.addSubnet(
    address,
    bits === undefined ? most : Number(bits),
    version === 6 ? 'ipv6' : 'ipv4',
  );
}
