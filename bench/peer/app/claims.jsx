// Claims as a table.

const times = new Set(['iat', 'exp', 'nbf', 'auth_time', 'created_at', 'updated_at']);

export function Claims({ claims }) {
  return (
    <table className="claims">
      <thead>
        <tr>
          <th scope="col">Claim</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(claims).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Value name={name} value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ name, value }) {
  if (times.has(name) && Number.isInteger(value)) {
    const time = new Date(value < 1e11 ? value * 1000 : value).toISOString().slice(0, 19);
    return (
      <>
        <time dateTime={`${time}Z`}>{time.replace('T', ' ')} UTC</time> <span className="mono muted">{value}</span>
      </>
    );
  }
  if (Array.isArray(value)) {
    return (
      <ul className="chips">
        {value.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'object' && value !== null) {
    return <pre className="json">{JSON.stringify(value, null, 2)}</pre>;
  }
  return <span className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}
